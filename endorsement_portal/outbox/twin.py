"""Pure: the parts of a rendered mail: its subject, its plain-text twin, the words of its copy in the portal.

Works on the HTML itself, so text and HTML cannot say different things. What is marked data-text="skip" is left out.
"""

import re
from dataclasses import dataclass

from lxml import html as lxml_html
from lxml.html import HtmlElement

_BLOCKS = frozenset({"p", "h1", "h2", "h3", "li", "tr", "blockquote", "pre"})
_SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Parts:
    subject: str
    text: str
    """The whole mail in plain text."""
    body: str
    """Only what it says: heading, greeting, button and foot left out."""
    link: str
    """Where the button leads; empty without one."""


def parts_of(html: str) -> Parts:
    document = lxml_html.document_fromstring(html)
    said = document.find_class("mail__body")[0]
    buttons = document.find_class("mail__button")
    head, foot = document.find_class("mail__head")[0], document.find_class("mail__foot")[0]
    sections = [_paragraphs(section) for section in (head, said, foot)]
    return Parts(
        subject=document.findtext(".//title") or "",
        text="\n\n--\n".join(["\n\n".join([*sections[0], *sections[1]]), "\n\n".join(sections[2])]) + "\n",
        body="\n\n".join(_paragraphs(said, without=("h1", "mail__act"))),
        link=buttons[0].get("href", "") if buttons else "",
    )


def _paragraphs(element: HtmlElement, without: tuple[str, ...] = ()) -> list[str]:
    """The text blocks below an element, in order. Rows of a table become "name: value" and stay together."""
    found: list[str] = []
    for child in element.iterchildren():
        if not isinstance(child.tag, str) or child.get("data-text") == "skip":
            continue
        if child.tag in without or set(child.get("class", "").split()) & set(without):
            continue
        if child.tag == "table":
            found.append("\n".join(filter(None, (_row(row) for row in child.iter("tr")))))
        elif child.tag in ("ul", "ol"):
            found.append("\n".join(f"- {_inline(item)}" for item in child.iter("li")))
        elif child.tag in _BLOCKS:
            found.append(_inline(child))
        else:
            found.extend(_paragraphs(child, without))
    return [block for block in found if block]


def _row(row: HtmlElement) -> str:
    cells = [_inline(cell) for cell in row.iterchildren("th", "td")]
    return ": ".join(cell for cell in cells if cell)


def _inline(element: HtmlElement) -> str:
    """The element's words on as many lines as it has breaks; a link is followed by its address."""
    lines = "".join(_pieces(element)).split("\x00")
    return "\n".join(line for line in (_SPACE.sub(" ", line).strip() for line in lines) if line)


def _pieces(element: HtmlElement) -> list[str]:
    pieces = [element.text or ""]
    for child in element.iterchildren():
        if child.tag == "br":
            pieces.append("\x00")
        elif child.tag == "a":
            pieces.append(_link(child))
        elif isinstance(child.tag, str) and child.get("data-text") != "skip":
            pieces.extend(_pieces(child))
        pieces.append(child.tail or "")
    return pieces


def _link(anchor: HtmlElement) -> str:
    label, address = " ".join("".join(_pieces(anchor)).split()), anchor.get("href", "")
    if not address or label == address:
        return label
    return f"{label}:\x00{address}" if "mail__button" in anchor.get("class", "") else f"{label} ({address})"
