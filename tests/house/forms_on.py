"""The forms and links of a page, as a browser would read them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class FoundForm:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []
        self.links: list[str] = []
        self.inside = False
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            self.forms.append(FoundForm(given.get("action", ""), given.get("method", "get").lower()))
            self.inside = True
        elif tag == "option" and self.select and (given.get("value") or "selected" in given):
            fields = self.forms[-1].fields
            fields[self.select] = given["value"] if "selected" in given else fields[self.select] or given["value"]
        elif self.inside and name and tag in ("input", "button", "textarea", "select"):
            self.forms[-1].fields.setdefault(name, given.get("value", ""))
            self.select = name if tag == "select" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside, self.select = False, ""


def found_on(html: str) -> tuple[list[FoundForm], list[str]]:
    """Every form with its fields and first values, and every address that is linked."""
    finder = _Finder()
    finder.feed(html)
    return finder.forms, finder.links
