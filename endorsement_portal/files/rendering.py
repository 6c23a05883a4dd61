"""HTML to tagged PDF. The renderer reaches nothing outside: no network, no files but our own fonts (threat 7)."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

os.environ.setdefault("SOURCE_DATE_EPOCH", "1735689600")
"""fontTools stamps subset fonts with the time of day otherwise, and no two renderings would be the same bytes."""
VARIANT = "pdf/ua-1"
FONT_SCHEME = "app-font:"
FONT_NAME = re.compile(r"[a-z0-9-]+\.woff2")
FONT_FOLDER_IN_CSS = re.compile(r"(?:\.\./)+fonts/")
BASE = "about:packet"


class NothingOutside(URLFetcher):
    """Knows `data:` addresses and `app-font:<file name>` for the vendored fonts. Everything else is refused."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith(FONT_SCHEME):
            return super().fetch(url, headers)
        name = url.removeprefix(FONT_SCHEME)
        if not FONT_NAME.fullmatch(name):
            raise ValueError(f"Not a font of ours: {name!r}")
        return URLFetcherResponse(url, (_static() / "fonts" / name).read_bytes(), {"Content-Type": "font/woff2"})


def _static() -> Path:
    return Path(settings.BASE_DIR) / "static"


class Press:
    """Renders several HTML texts with the same stylesheets. `stylesheets` are names in static/css."""

    def __init__(self, stylesheets: Sequence[str]) -> None:
        self.stylesheets = tuple(stylesheets)
        self.fonts = FontConfiguration()

    @cached_property
    def _sheets(self) -> list[CSS]:
        texts = [(_static() / "css" / name).read_text(encoding="utf-8") for name in self.stylesheets]
        return [self._sheet(FONT_FOLDER_IN_CSS.sub(FONT_SCHEME, text)) for text in texts]

    def _sheet(self, text: str) -> CSS:
        return CSS(string=text, base_url=BASE, url_fetcher=NothingOutside(), font_config=self.fonts)

    def layout(self, html: str, *, more_css: str = "") -> Document:
        """`more_css`: rules for this text alone, after those of the stylesheets."""
        source = HTML(string=html, base_url=BASE, url_fetcher=NothingOutside())
        options: dict[str, Any] = {"pdf_variant": VARIANT, "pdf_tags": True}
        return source.render(font_config=self.fonts, stylesheets=[*self._sheets, self._sheet(more_css)], **options)

    def write(self, document: Document, *, identifier: str) -> bytes:
        """The same text and identifier give the same bytes: no clock and no random number goes in."""
        content: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=identifier.encode())
        return content


def render_pdf(html: str, *, stylesheets: Sequence[str], identifier: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of one HTML text."""
    press = Press(stylesheets)
    return press.write(press.layout(html), identifier=identifier)
