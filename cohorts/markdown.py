"""Markdown of discussion posts, and the one place that calls their HTML safe.

What is shown has passed the allow-list at the moment it is shown: a row written by an older version, or restored from
somewhere else, can carry no more than a fresh one.
"""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "*": set()}
"""The star takes away title and lang, which are let through everywhere unless they are named."""
SCHEMES = {"http", "https", "mailto"}
REL = "nofollow noopener noreferrer"

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable(
    ["heading", "lheading", "image", "html_block", "html_inline", "hr", "reference"]
)
"""Headings stay text, so that a post never disturbs the outline of its page; pictures and raw HTML stay text too."""


def to_html(text: str) -> str:
    """Clean HTML of a post, to be stored beside it."""
    return _clean(_parser.render(text))


def safe(html: str) -> SafeString:
    """Stored HTML, ready for a template."""
    return mark_safe(_clean(html))  # noqa: S308 - cleaned by the allow-list in this very line


def _clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL, strip_comments=True)
