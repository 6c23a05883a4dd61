"""Markdown becomes clean HTML, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts import markdown

REL = 'rel="nofollow noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello **you** and *you*", "<p>Hello <strong>you</strong> and <em>you</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("`code`", "<p><code>code</code></p>\n"),
        ("[a](https://example.org)", f'<p><a href="https://example.org" {REL}>a</a></p>\n'),
        ("[a](mailto:a@example.org)", f'<p><a href="mailto:a@example.org" {REL}>a</a></p>\n'),
        ("# No heading", "<p># No heading</p>\n"),
        ("Not\n===\nthat either", "<p>Not<br>\n===<br>\nthat either</p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("![a](https://example.org/a.png)", f'<p>!<a href="https://example.org/a.png" {REL}>a</a></p>\n'),
    ],
)
def test_what_becomes_of_markdown(text, html):
    assert markdown.to_html(text) == html


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    '<a href="https://example.org" hx-get="/x" onclick="x()" style="color:red">x</a>',
    "<div data-hx-post='/x'>x</div>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src='https://example.org'></iframe>",
    "```js\nalert(1)\n```",
    '[x](https://example.org "a\\" onmouseover=alert(1)")',
    "<!-- comment --><style>*{}</style>",
    "<math><mtext></p><style><a title='</style><img src onerror=alert(1)>'>",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("make", [markdown.to_html, markdown.safe])
def test_nothing_hostile_comes_through(text, make):
    from html.parser import HTMLParser

    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.append((tag, dict(attrs)))

    Reader().feed(make(text))
    assert {tag for tag, _attributes in seen} <= markdown.TAGS
    assert {name for _tag, attributes in seen for name in attributes} <= {"href", "rel"}
    addresses = [attributes["href"] for _tag, attributes in seen if "href" in attributes]
    assert all(address.split(":")[0] in markdown.SCHEMES for address in addresses)


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text):
    html = markdown.to_html(text)
    assert markdown.safe(html) == html
