"""Standings: recorded and ended by coordinators, read by pages, said in words."""

import datetime

import pytest

from competencies.actions import providers
from competencies.enums import StandingKind
from competencies.models import Standing
from competencies.queries import providers as queries
from competencies.rules import Permission
from competencies.standing_words import StandingSummary, summary
from competencies.templatetags.portfolio_words import standing_in_words
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.web.permissions import can
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.factories.competencies import StandingFactory, SupervisionFactory
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def provider(db):
    return PersonFactory(name="Tobias Fernhollow", email="tobias@example.org")


def reasons(caught) -> list[str]:
    return [finding.requirement for finding in caught.value.findings]


def record(person, association, by, **changes):
    given = {
        "person": person,
        "code": "IMHM-C",
        "kind": StandingKind.ENDORSED,
        "starts_on": DAY(2023, 5, 12),
        "association": association,
        "by": by,
    }
    return providers.record_standing(**{**given, **changes})


def test_coordinator_records_a_standing(provider, association, coordinator):
    standing = record(provider, association, coordinator, ends_on=DAY(2026, 12, 31), source="Registry of 2023")
    event = AuditEvent.objects.get(verb="providers.standing_recorded")
    assert (standing.code, standing.provenance, standing.recorded_by, standing.ends_on) == (
        "IMHM-C",
        "confirmed_here",
        coordinator,
        DAY(2026, 12, 31),
    )
    assert (event.chain, event.data) == (
        association.code,
        {"code": "IMHM-C", "kind": "endorsed", "from": "2023-05-12", "to": "2026-12-31"},
    )


@pytest.mark.parametrize("who", ["applicant", "reviewer", "other_coordinator"])
def test_only_this_associations_coordinators(provider, association, who, request):
    actor = request.getfixturevalue(who)
    user = actor.user if who == "applicant" else actor
    standing = StandingFactory(person=provider, association=association)
    for act in (
        lambda: record(provider, association, user),
        lambda: providers.end_standing(standing=standing, ends_on=DAY(2026, 1, 1), association=association, by=user),
    ):
        with pytest.raises(NotAllowed) as caught:
            act()
        assert reasons(caught) == ["coordinators_only"]
    assert can(user, Permission.STANDING_RECORD, association) is False


@pytest.mark.parametrize(
    ("code", "kind"),
    [("NOPE", "endorsed"), ("NOPE", "vetted"), ("IMHM-C", "add_on"), ("IMHM-C", "emerging"), ("IMH-ERS", "endorsed")],
)
def test_code_must_fit_the_kind(provider, association, coordinator, code, kind):
    with pytest.raises(NotAllowed) as caught:
        record(provider, association, coordinator, code=code, kind=StandingKind(kind))
    assert (reasons(caught), Standing.objects.count()) == (["code_does_not_fit"], 0)


@pytest.mark.parametrize("kind", ["add_on", "emerging", "vetted"])
def test_add_on_codes_fit(provider, association, coordinator, kind):
    code = add_on_code()
    assert record(provider, association, coordinator, code=code, kind=StandingKind(kind)).code == code


def add_on_code() -> str:
    from competencies.models import Category

    return Category.objects.filter(is_add_on=True).values_list("code", flat=True)[0]


def test_last_day_before_the_first_is_refused(provider, association, coordinator):
    with pytest.raises(NotAllowed) as caught:
        record(provider, association, coordinator, ends_on=DAY(2023, 5, 11))
    standing = record(provider, association, coordinator)
    with pytest.raises(NotAllowed) as ended:
        providers.end_standing(standing=standing, ends_on=DAY(2023, 5, 11), association=association, by=coordinator)
    assert (reasons(caught), reasons(ended)) == (["ends_before_start"], ["ends_before_start"])


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "refused"),
    [
        (DAY(2021, 1, 1), None, True),
        (DAY(2021, 1, 1), DAY(2022, 1, 1), True),
        (DAY(2021, 1, 1), DAY(2021, 12, 31), False),
        (DAY(2024, 1, 1), None, False),
        (DAY(2023, 12, 31), None, True),
    ],
)
def test_days_may_not_overlap(provider, association, coordinator, starts_on, ends_on, refused):
    StandingFactory(person=provider, starts_on=DAY(2022, 1, 1), ends_on=DAY(2023, 12, 31))
    StandingFactory(person=provider, starts_on=DAY(2020, 1, 1), provenance="stated")
    if refused:
        with pytest.raises(NotAllowed) as caught:
            record(provider, association, coordinator, starts_on=starts_on, ends_on=ends_on)
        assert reasons(caught) == ["standing_overlaps"]
    else:
        assert record(provider, association, coordinator, starts_on=starts_on, ends_on=ends_on).pk


def test_coordinator_ends_a_standing(provider, association, coordinator):
    standing = record(provider, association, coordinator)
    ended = providers.end_standing(
        standing=standing, ends_on=DAY(2026, 3, 31), association=association, by=coordinator, reason="Retired"
    )
    event = AuditEvent.objects.get(verb="providers.standing_ended")
    assert (ended.ends_on, event.data, event.text.text) == (
        DAY(2026, 3, 31),
        {"to": "2026-03-31", "was": None},
        "Retired",
    )


def test_imported_standing_may_be_ended_by_any_association(provider, association, coordinator):
    standing = StandingFactory(person=provider, provenance="imported_trusted", ends_on=DAY(2027, 1, 1))
    ended = providers.end_standing(standing=standing, ends_on=DAY(2026, 3, 31), association=association, by=coordinator)
    assert ended.ends_on == DAY(2026, 3, 31)


def test_another_associations_standing_is_left_alone(provider, association, other_association, coordinator):
    standing = StandingFactory(person=provider, association=other_association)
    with pytest.raises(NotAllowed) as caught:
        providers.end_standing(standing=standing, ends_on=DAY(2026, 3, 31), association=association, by=coordinator)
    assert reasons(caught) == ["recorded_elsewhere"]


def test_of_two_coordinators_one_ends_it(provider, association, coordinator):
    standing = record(provider, association, coordinator)
    Standing.objects.filter(pk=standing.pk).update(ends_on=DAY(2025, 1, 1))
    with pytest.raises(LostRace):
        providers.end_standing(standing=standing, ends_on=DAY(2026, 3, 31), association=association, by=coordinator)
    standing.refresh_from_db()
    assert standing.ends_on == DAY(2025, 1, 1)


# --- reading ------------------------------------------------------------------------------------------------------


def test_own_providers_with_what_waits(applicant, provider, today, now, django_assert_num_queries):
    StandingFactory(person=provider, starts_on=DAY(2023, 5, 12))
    SupervisionFactory(person=applicant, provider=provider, minutes=90, state="sent", asked_at=now)
    SupervisionFactory(person=applicant, provider=provider, minutes=30)
    SupervisionFactory(person=applicant, provider=provider, confirmed=True)
    SupervisionFactory(person=applicant, provider=provider, withdrawn_at=now)
    SupervisionFactory(provider=provider)
    SupervisionFactory(person=applicant, confirmed=True, provider__name="Zora Quill")
    with django_assert_num_queries(2):
        first, second = queries.own_providers(applicant.user, today)
    assert (first.person, first.open_sessions, first.open_minutes, first.asked_at) == (provider, 2, 120, now)
    assert first.standing == StandingSummary("current", DAY(2023, 5, 12), None, ("IMHM-C",))
    assert (second.person.name, second.open_sessions, second.open_minutes) == ("Zora Quill", 0, 0)


def test_providers_for_coordinators(applicant, provider, now):
    SupervisionFactory(person=applicant, provider=provider)
    SupervisionFactory(person=applicant, provider=provider, confirmed=True)
    SupervisionFactory(person=applicant, provider=provider, withdrawn_at=now)
    standing = StandingFactory(person__name="Zora Quill", person__email="zora@example.org")
    found = [(row.name, row.session_count, row.open_count, list(row.standings.all())) for row in queries.providers()]
    assert found == [("Tobias Fernhollow", 2, 1, []), ("Zora Quill", 0, 0, [standing])]
    assert [row.name for row in queries.providers("ZORA@")] == ["Zora Quill"]


@pytest.mark.parametrize("rows", [1, 30])
def test_providers_take_the_same_queries_for_any_number(rows, django_assert_num_queries):
    for _ in range(rows):
        StandingFactory()
    with django_assert_num_queries(2):
        assert [len(person.standings.all()) for person in queries.providers()] == [1] * rows


def standing(starts_on, ends_on=None, code="IMHM-C"):
    return Standing(code=code, starts_on=starts_on, ends_on=ends_on)


@pytest.mark.parametrize(
    ("standings", "expected", "words"),
    [
        ([], StandingSummary("none"), "No standing recorded yet. Your coordinator can record it."),
        (
            [standing(DAY(2023, 5, 12))],
            StandingSummary("current", DAY(2023, 5, 12), None, ("IMHM-C",)),
            "Qualified (IMHM-C) since Fri, May 12, 2023",
        ),
        (
            [standing(DAY(2023, 5, 12), DAY(2026, 5, 12)), standing(DAY(2024, 1, 1), DAY(2026, 6, 1), "IFS")],
            StandingSummary("current", DAY(2023, 5, 12), DAY(2026, 6, 1), ("IFS", "IMHM-C")),
            "Qualified (IFS, IMHM-C) until Mon, June 1, 2026",
        ),
        (
            [standing(DAY(2020, 1, 1), DAY(2021, 1, 1)), standing(DAY(2023, 1, 1), DAY(2026, 3, 31), "IFS")],
            StandingSummary("ended", DAY(2026, 3, 31), None, ("IFS",)),
            "Was qualified (IFS) until Tue, March 31, 2026",
        ),
        (
            [standing(DAY(2027, 1, 1)), standing(DAY(2026, 6, 1), code="IFS")],
            StandingSummary("upcoming", DAY(2026, 6, 1), None, ("IFS",)),
            "Qualified (IFS) from Mon, June 1, 2026 on",
        ),
    ],
)
def test_standings_in_words(today, standings, expected, words):
    assert (summary(standings, today), standing_in_words(summary(standings, today))) == (expected, words)
