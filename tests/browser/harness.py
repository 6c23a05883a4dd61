"""A real browser over a live server: pages opened as a person, checked by axe in both themes on a phone and on a desk.

def test_my_page(check_page, sign_in, applicant):
    check_page("/home/", cookies=sign_in(applicant.user))
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.house.tree import ROOT

AXE = (ROOT / "tests" / "browser" / "vendor" / "axe.min.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = ROOT / "build" / "screens"
PHONE, DESK = 320, 1280
HEIGHT = 900
THEMES = ("light", "dark")
QUICK = os.environ.get("HYPOTHESIS_PROFILE") == "quick"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TIMEOUT_MS = 15_000

# Runs over the debug protocol before each document: not subject to the page's policy, and sees what it refuses.
WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.__refused.push(`${event.violatedDirective}: ${event.blockedURI}`);
});
"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """
() => [...document.querySelectorAll("a.btn, button, input:not([type=hidden]), select, summary, nav a, .backlink")]
  .filter((node) => node.checkVisibility() && !node.closest(".visually-hidden, .choice, .form-check"))
  .map((node) => {
    const box = node.getBoundingClientRect();
    const extra = node.matches(".btn-sm") ? 10 : 0;
    return { what: node.outerHTML.slice(0, 90), width: box.width + extra, height: box.height + extra };
  })
  .filter((one) => one.height < 43.5 || one.width < 43.5)
  .map((one) => `${Math.round(one.width)} x ${Math.round(one.height)}: ${one.what}`)
"""


def chromium() -> str | None:
    """The system's Chromium: CHROMIUM names one; else the usual names are looked for."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def browser_or_skip() -> str:
    """Without a browser a test is skipped, or fails where REQUIRE_BROWSER=1 asks for one."""
    found = chromium()
    if found is None:
        message = "No Chromium found. Install it, or name it in CHROMIUM."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found


@dataclass
class Visit:
    """One page as it was opened, and everything it complained about."""

    page: Page
    status: int
    complaints: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Console errors, script errors and reports of the content security policy so far."""
        return [*self.complaints, *(f"CSP {report}" for report in self.page.evaluate("window.__refused || []"))]

    def axe(self) -> list[str]:
        """Violations as "rule: element"."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_TAGS
        )  # fmt: skip
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))} ({node['failureSummary'].splitlines()[-1].strip()})"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def resize(self, width: int) -> None:
        """This wide, and as tall as the page: nothing lies under the bar that sticks to the bottom of a phone."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        tall = int(self.page.evaluate("document.documentElement.scrollHeight"))
        self.page.set_viewport_size({"width": width, "height": max(HEIGHT, tall)})

    def sideways(self) -> int:
        """How many pixels the page can be scrolled sideways."""
        return int(self.page.evaluate(SIDEWAYS))

    def small_targets(self) -> list[str]:
        """Controls under 44 px."""
        return list(self.page.evaluate(SMALL_TARGETS))


class Opener:
    """Opens pages of the live server, each in a context of its own, and closes them all at the end."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.contexts: list[BrowserContext] = []

    def __call__(
        self,
        path: str,
        *,
        cookies: dict[str, str] | None = None,
        theme: str = "",
        width: int = DESK,
        javascript: bool = True,
        status: int | None = 200,
    ) -> Visit:
        """`status`: the one expected; None expects nothing and keeps console errors about the document itself."""
        context = self._context(cookies or {}, theme, width, javascript)
        page = context.new_page()
        visit = Visit(page=page, status=0)
        url = self.address + path
        page.on("console", lambda message: self._console(visit, message, url, status))
        page.on("pageerror", lambda error: visit.complaints.append(f"script {error}"))
        response = page.goto(url, wait_until="load")
        visit.status = response.status if response else 0
        if status is not None:
            assert visit.status == status, f"{path} answered {visit.status}"
        return visit

    def _context(self, cookies: dict[str, str], theme: str, width: int, javascript: bool) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/Chicago",
        )
        context.set_default_timeout(TIMEOUT_MS)
        context.add_init_script(WATCH)
        jar = {**cookies, **({"theme": theme} if theme else {})}
        host = str(urlsplit(self.address).hostname)
        for name, value in jar.items():
            context.add_cookies([{"name": name, "value": value, "domain": host, "path": "/"}])
        self.contexts.append(context)
        return context

    @staticmethod
    def _console(visit: Visit, message: ConsoleMessage, url: str, status: int | None) -> None:
        expected = status is not None and status >= 400 and message.location.get("url", "").startswith(url)
        if (message.type == "error" and not expected) or "Content Security Policy" in message.text:
            visit.complaints.append(f"console {message.text} ({message.location.get('url', '')})")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def check(opener: Opener, path: str, cookies: dict[str, str] | None = None, **options: Any) -> None:
    """Both themes at 320 and 1280 px: no violation, no complaint, no sideways scrolling.

    In the quick profile each theme and each width once: light on the desk, dark on the phone.
    """
    found: list[str] = []
    widths = {"light": (DESK,), "dark": (PHONE,)} if QUICK else dict.fromkeys(THEMES, (DESK, PHONE))
    for theme in THEMES:
        visit = opener(path, cookies=cookies, theme=theme, width=widths[theme][0], **options)
        for width in widths[theme]:
            visit.resize(width)
            place = f"{path} {theme} {width}"
            found.extend(f"{place}: {line}" for line in visit.axe())
            if (sideways := visit.sideways()) > 0:
                found.append(f"{place}: scrolls {sideways} px sideways")
        found.extend(f"{path} {theme}: {line}" for line in visit.problems())
        opener.contexts.remove(visit.page.context)
        visit.page.context.close()
    assert not found, "\n" + "\n".join(found)


def screenshot(page: Page, name: str) -> Path:
    """The whole page as build/screens/<name>.png."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    target = SCREENS / f"{name}.png"
    page.screenshot(path=target, full_page=True, animations="disabled")
    return target
