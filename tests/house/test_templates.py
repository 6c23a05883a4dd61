"""Templates compile, their addresses exist, and nothing in them needs a weaker content security policy."""

import re

import pytest
from django.template import engines
from django.template.loader import get_template
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.house.tree import ROOT

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml"})
NAMES = [path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES]
SAFE_FILTER_ALLOWED: set[str] = set()
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "hx-on": re.compile(r"hx-on", re.IGNORECASE),
    "js: value": re.compile(r"hx-(vals|headers)=[\"']js:", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "other people's servers": re.compile(
        r"(src|href)=[\"']https?://[^\"']*(cdn|unpkg|googleapis|jsdelivr)", re.IGNORECASE
    ),
}


def _url_names() -> set[str]:
    names: set[str] = set()

    def walk(resolver, prefix=""):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
                walk(entry, namespace)
            elif entry.name:
                names.add(prefix + entry.name)

    walk(get_resolver())
    return names


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    assert get_template(name).template.name == name


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_template_keeps_the_content_security_policy(path):
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(), flags=re.DOTALL)
    if path.relative_to(ROOT / "templates").parts[0] == "packet":
        text = text.replace("<style", "<packet-style")  # printed by WeasyPrint, never sent to a browser
    found = [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert found == []


def test_safe_filter_only_where_listed():
    users = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in TEMPLATES
        if re.search(r"\|\s*safe\b|autoescape off", path.read_text())
    }
    assert users == SAFE_FILTER_ALLOWED


def test_every_address_in_a_template_exists():
    known = _url_names() | {"demo:mail", "demo:mail_detail", "demo:sign_in"}
    missing = [
        f"{path.relative_to(ROOT / 'templates')}: {name}"
        for path in TEMPLATES
        for name in re.findall(r"\{%\s*(?:row_)?url\s+[\"']([^\"']+)[\"']", path.read_text())
        if name not in known
    ]
    assert missing == []


def test_the_engine_is_the_one_that_serves_pages():
    assert engines["django"].engine.autoescape is True


def test_unknown_addresses_do_not_resolve():
    with pytest.raises(NoReverseMatch):
        reverse("applications:no_such_page")
