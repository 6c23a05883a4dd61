"""What every test may lean on: the published standards, one fixture for each actor, a frozen today."""

import datetime
import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.plugin import blocking_manager_key

import tests.ground.audit_flush  # noqa: F401 - lets transactional tests empty the frozen audit tables
from tests.factories.members import AssociationFactory, PersonFactory, StaffRoleFactory, UserFactory

PASSWORD = "a-quiet-river-at-dawn"

hypothesis.settings.register_profile("quick", deadline=None, max_examples=60)
hypothesis.settings.register_profile("deep", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """The standards are loaded once; tests roll back to them."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("load_standards", verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _a_download_closed_in_a_test_keeps_the_connection() -> Iterator[None]:
    """Closing a streamed answer tells Django that the request is over; within a test's transaction, on a server, that
    would close the connection under the test."""
    original = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def unless_in_a_transaction(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            original(self)

    BaseDatabaseWrapper.close_if_unusable_or_obsolete = unless_in_a_transaction
    yield
    BaseDatabaseWrapper.close_if_unusable_or_obsolete = original


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What touches a database differs between engines: `make test-services` runs these, and not the pure rest again."""
    for item in items:
        if item.get_closest_marker("django_db") or "django_db_setup" in getattr(item, "fixturenames", ()):
            item.add_marker("database")


TRANSACTIONAL = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A transactional test empties the tables when it ends: the standards are loaded again for those that follow."""
    yield
    if nextitem is None:
        return  # the database is gone with the session
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    if asked or TRANSACTIONAL & set(getattr(item, "fixturenames", ())):
        with item.config.stash[blocking_manager_key].unblock():
            call_command("load_standards", verbosity=0)
            connections.close_all()


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def today() -> datetime.date:
    """Tuesday, the day of the prototype."""
    return datetime.date(2026, 5, 12)


@pytest.fixture
def now(today: datetime.date) -> datetime.datetime:
    """Noon in Chicago on that day."""
    return datetime.datetime(today.year, today.month, today.day, 17, 0, tzinfo=datetime.UTC)


@pytest.fixture
def association(db: None):
    """Prairie Rivers, an invented association that uses the portal."""
    return AssociationFactory(code="XX-PR", name="Prairie Rivers Association", abbreviation="PR", portal=True)


@pytest.fixture
def other_association(db: None):
    return AssociationFactory(code="XX-HL", name="Harbor Lights Association", abbreviation="HL", portal=True)


@pytest.fixture
def applicant(db: None):
    """A person with an account."""
    return PersonFactory(name="Maren Oakhill", email="maren@example.org", with_user=True)


@pytest.fixture
def other_applicant(db: None):
    return PersonFactory(name="Samir Birchwell", email="samir@example.org", with_user=True)


@pytest.fixture
def coordinator(association):
    user = UserFactory(email="linnea@example.org", person__name="Linnea Rivermoss")
    StaffRoleFactory(user=user, association=association, role="coordinator")
    return user


@pytest.fixture
def other_coordinator(other_association):
    user = UserFactory(email="odile@example.org", person__name="Odile Harborfield")
    StaffRoleFactory(user=user, association=other_association, role="coordinator")
    return user


@pytest.fixture
def reviewer(association):
    user = UserFactory(email="petra@example.org", person__name="Petra Lindenau")
    StaffRoleFactory(user=user, association=association, role="reviewer")
    return user


@pytest.fixture
def operator(db: None):
    return UserFactory(email="operator@example.org", is_staff=True, is_superuser=True, person__name="Olin Gatewright")
