"""The desk's tests share one world, built once for each module by the real actions and rolled back after it.

Each test gets its own copy of the rows and its own savepoint.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from endorsement_portal.audit.models import AuditEvent
from tests.house.world import House, standing


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with standing(django_db_blocker) as house:
        yield house


@pytest.fixture
def house(_built: House, db: None) -> House:
    return copy.deepcopy(_built)


@dataclass
class Seat:
    """Somebody signed in, and the desk they look at."""

    client: Client
    slug: str

    def get(self, name: str, *args: object, answers: int = 200, **query: object) -> str:
        response = self.client.get(reverse(f"coordination:{name}", args=[self.slug, *args]), query)
        assert response.status_code == answers, (name, response.status_code)
        response.close()
        return "" if response.streaming else response.content.decode()

    def post(self, name: str, *args: object, data: dict[str, object] | None = None, query: str = "") -> Any:
        return self.client.post(reverse(f"coordination:{name}", args=[self.slug, *args]) + query, data or {})

    def done(self, name: str, *args: object, data: dict[str, object] | None = None) -> list[str]:
        """Post; the answer has to be a redirect. What it said, as "level: words"."""
        response = self.post(name, *args, data=data)
        assert response.status_code == 302, (name, response.status_code, errors_of(response))
        words = said(response)
        assert self.client.get(response["Location"]).status_code == 200
        return words


def said(response: Any) -> list[str]:
    return [f"{message.level_tag}: {message}" for message in get_messages(response.wsgi_request)]


def errors_of(response: Any, form: str = "form") -> dict[str, list[str]]:
    found = response.context.get(form) if response.context else None
    return dict(found.errors) if found else {}


@pytest.fixture
def sit() -> Callable[..., Seat]:
    def seat(user: Any, slug: str = "xx-pr") -> Seat:
        client = Client()
        client.force_login(user)
        return Seat(client, slug)

    return seat


@pytest.fixture
def desk(house: House, sit: Callable[..., Seat]) -> Seat:
    """The coordinator's."""
    return sit(house.coordinator)


@pytest.fixture
def elsewhere(house: House, sit: Callable[..., Seat]) -> Seat:
    """The coordinator of another association, at their own desk: rows of this one do not exist there."""
    return sit(house.other_coordinator, "xx-hl")


def verbs(since: int = 0) -> list[str]:
    return list(AuditEvent.objects.filter(pk__gt=since).order_by("pk").values_list("verb", flat=True))
