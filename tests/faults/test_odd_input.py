"""Odd input at every address and in every form: whatever is sent, the server answers with a page, never with an error.

Each row of the access table is asked with strange methods, strange parameters and broken bodies by somebody who may
have it; then the forms on its page are sent with a strange value in every field, and with bodies that are no forms.
"""

from collections.abc import Callable, Iterator
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.house.conftest import built, house  # noqa: F401 - fixtures
from tests.house.forms_on import FoundForm, found_on
from tests.house.test_access import POLICIES, TABLE, _value, clients

VALUES = (
    "9" * 400, "a\x00b", "9999-12-31", "x" * 10_000, "-1", "0001-01-01", "\r\nX: y\u2028\u0085", str(2**63), "1e999",
    "\U0010ffff\ufffe\u202e", "NaN", "' OR 1=1 --%_", "%(x)s {0.__class__} {{ 7 }}", "\uff11\uff12", "99:99", "",
)  # fmt: skip
ROUNDS = 6
NAMES = (
    "page", "search", "q", "state", "status", "category", "cohort", "order", "requirement", "edition", "about",
    "repeat", "on", "owner", "when", "show", "association", "year", "provider", "text", "code", "unread", "next",
)  # fmt: skip
BROKEN = (
    ("application/x-www-form-urlencoded", b"%ff=%fe&a=\xff\x00&&=%ed%a0%80"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"a=b"),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"; filename="\r\n\r\n'),
    ("application/json", b"{"),
)
LEFT_ALONE = ("web:theme", "account_", "mfa_")
SERVER_ERROR = 500

Send = Callable[..., None]


@pytest.fixture(scope="module")
def people(built, django_db_blocker) -> dict[str, Client]:  # noqa: F811
    with django_db_blocker.unblock():
        return clients(built)


@pytest.fixture
def failures() -> Iterator[list[str]]:
    found: list[str] = []
    yield found
    assert found == [], "\n".join(found)


def who(name: str) -> str:
    """Somebody whom the table lets in; where nobody is, somebody who is refused."""
    allowed = POLICIES[TABLE[name].policy]
    return next((actor for actor in ("owner", "peer", "coordinator", "reviewer", "rater") if actor in allowed), "owner")


def queries() -> Iterator[str]:
    for shift in range(3):
        values = (VALUES[(place + shift * 3) % len(VALUES)][:3000] for place in range(len(NAMES)))
        yield "&".join(f"{name}={quote(value)}" for name, value in zip(NAMES, values, strict=True))
    yield "&".join(f"{name}=%ff%fe%ed%a0%80" for name in NAMES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", TABLE)
def test_no_odd_input_is_an_error_of_the_server(name, house, people, failures):  # noqa: F811
    client = people[who(name)]
    address = reverse(name, args=[_value(house, path) for path in TABLE[name].args])

    def send(method: str, path: str, what: str, *args: object, **kwargs: object) -> bytes:
        cache.clear()  # limits are asked elsewhere
        response = (
            client.generic("POST", path, *args, **kwargs)
            if method == "generic"
            else getattr(client, method)(path, *args, **kwargs)
        )
        if response.status_code >= SERVER_ERROR:
            failures.append(f"{method} {path[:200]} with {what}: {response.status_code}")
        html = b"" if response.streaming else response.content
        response.close()
        return html

    for method in ("put", "delete", "options"):
        send(method, address, "no body")
    for query in queries():
        send("get", f"{address}?{query}", query[:200])
    if TABLE[name].act:
        send("post", address, "nothing")
    forms, _links = found_on(send("get", address, "nothing").decode("utf-8", "replace"))
    for path, form in chosen(forms, address):
        _odd_form(path, form, send)


def chosen(forms: list[FoundForm], page: str) -> Iterator[tuple[str, FoundForm]]:
    """The forms of our own views with their addresses, one of each kind: a list repeats them in every row."""
    seen = set()
    for form in forms:
        path = urlsplit(urljoin(page, form.action)).path
        try:
            found = resolve(path)
        except Resolver404:
            continue
        kind = (found.view_name, found.kwargs.get("act_name"), tuple(form.fields))
        if kind not in seen and not found.view_name.startswith(LEFT_ALONE):
            seen.add(kind)
            yield path, form


def _odd_form(path: str, form: FoundForm, send: Send) -> None:
    fields = [field for field in form.fields if field != "csrfmiddlewaretoken"]
    for turn in range(ROUNDS):
        values = {field: VALUES[(place + turn * 3) % len(VALUES)] for place, field in enumerate(fields)}
        send(form.method, path, f"turn {turn}", values)
        if fields:
            odd = fields[turn % len(fields)]
            send(form.method, path, f"{odd} in turn {turn}", {**form.fields, odd: VALUES[turn]})
    if form.method == "post":
        for content_type, body in BROKEN:
            send("generic", path, content_type, body, content_type=content_type)
