"""The browser, the live server under it, and a person signed in."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client

from tests.browser import harness

# Playwright keeps an event loop in this thread; the ORM is used from it all the same, one call at a time.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = harness.browser_or_skip()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


@pytest.fixture(scope="session", autouse=True)
def _one_request_at_a_time() -> Iterator[None]:
    """The in-memory database is one connection shared by all threads of the live server: requests take turns."""
    lock = threading.RLock()
    original = WSGIHandler.__call__

    def in_turn(self: WSGIHandler, environ: Any, start_response: Any) -> Any:
        with lock:
            return original(self, environ, start_response)

    WSGIHandler.__call__ = in_turn  # type: ignore[method-assign]
    yield
    WSGIHandler.__call__ = original  # type: ignore[method-assign]


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any) -> str:
    """The address of the live server, with the standards in its database (a transactional test empties it)."""
    from competencies.models import Edition

    if not Edition.objects.exists():
        call_command("load_standards", verbosity=0)
    settings.PUBLIC_ADDRESS = live_server.url
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[harness.Opener]:
    """open_page(path, cookies=..., theme="dark", width=320, javascript=False, status=404) -> Visit."""
    opener = harness.Opener(browser, site)
    yield opener
    opener.close()


@pytest.fixture
def check_page(open_page: harness.Opener) -> Callable[..., None]:
    """check_page(path, cookies=...): axe in both themes at 320 and 1280 px, no console error, no CSP report."""

    def check(path: str, cookies: dict[str, str] | None = None, **options: Any) -> None:
        harness.check(open_page, path, cookies, **options)

    return check


@pytest.fixture
def sign_in() -> Callable[[Any], dict[str, str]]:
    """The cookies of a person who has signed in."""

    def cookies(user: Any) -> dict[str, str]:
        client = Client()
        client.force_login(user, backend=django_settings.AUTHENTICATION_BACKENDS[0])
        name = django_settings.SESSION_COOKIE_NAME
        return {name: client.cookies[name].value}

    return cookies
