"""Making a quarter: created from what a coordinator types, changed with care, published once."""

import datetime
from dataclasses import replace

import pytest

from cohorts import calendar
from cohorts.actions import cohorts
from cohorts.actions.cohorts import CohortDetails
from cohorts.enums import MilestoneKind, Season
from cohorts.models import Cohort
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.factories.cohorts import EnrolmentFactory

PLAN = calendar.quarter_plan(2026, Season.SUMMER)
DETAILS = CohortDetails(
    name="Summer 2026",
    year=2026,
    season=Season.SUMMER,
    time_zone="America/Chicago",
    opens=PLAN.opens,
    closes=PLAN.closes,
    deadline=PLAN.deadline,
    review_ends_on=PLAN.review_ends_on,
    capacity=14,
    welcome="Welcome.",
)


@pytest.fixture
def cohort(association, coordinator):
    return cohorts.create(association=association, details=DETAILS, by=coordinator)


def refusals(call, **arguments):
    with pytest.raises(NotAllowed) as caught:
        call(**arguments)
    return [finding.requirement for finding in caught.value.findings]


def test_a_quarter_is_created_with_its_milestones(cohort, coordinator):
    cohort.refresh_from_db()
    assert cohort.opens_at == datetime.datetime(2026, 5, 11, 14, 0, tzinfo=datetime.UTC)
    assert cohort.closes_at == datetime.datetime(2026, 6, 27, 4, 59, 59, tzinfo=datetime.UTC)
    assert cohort.submission_deadline_at == datetime.datetime(2026, 9, 25, 22, 0, tzinfo=datetime.UTC)
    assert cohort.deadline_wall_time == "2026-09-25 17:00:00 America/Chicago"
    assert (cohort.published_at, cohort.seats_taken, cohort.created_by) == (None, 0, coordinator)
    due = {row.kind: row.due_at for row in cohort.milestones.all()}
    assert due == {kind: calendar.instant_of(wall, "America/Chicago") for kind, wall in PLAN.milestones.items()}
    assert AuditEvent.objects.get(verb="cohort.created").data == {"capacity": 14}


def test_milestones_of_ones_own(association, coordinator):
    wall = datetime.datetime(2026, 8, 10, 12, 0)
    details = replace(DETAILS, milestones={MilestoneKind.RATERS_NAMED: wall, MilestoneKind.SUBMITTED: wall})
    cohort = cohorts.create(association=association, details=details, by=coordinator)
    due = {row.kind: row.due_at for row in cohort.milestones.all()}
    assert due["raters_named"] == calendar.instant_of(wall, "America/Chicago")
    assert due["submitted"] == calendar.instant_of(PLAN.deadline, "America/Chicago")


def test_only_the_associations_own_coordinator(association, other_coordinator, reviewer, cohort):
    for stranger in (other_coordinator, reviewer):
        assert refusals(cohorts.create, association=association, details=DETAILS, by=stranger) == ["coordinator"]
        assert refusals(cohorts.edit, cohort=cohort, details=DETAILS, by=stranger) == ["coordinator"]
        assert refusals(cohorts.publish, cohort=cohort, by=stranger) == ["coordinator"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"opens": PLAN.closes}, ["closes"]),
        ({"closes": PLAN.deadline + datetime.timedelta(seconds=1)}, ["deadline"]),
        ({"review_ends_on": datetime.date(2026, 9, 24)}, ["review_ends_on"]),
        ({"capacity": 0}, ["capacity"]),
        ({"year": 1}, ["year"]),
        ({"year": 99999}, ["year"]),
        ({"opens": datetime.datetime(2026, 3, 8, 2, 30)}, ["opens"]),
        (
            {"milestones": {MilestoneKind.RATERS_NAMED: datetime.datetime(2026, 3, 8, 2, 30)}},
            ["milestone_raters_named"],
        ),
        (
            {"opens": datetime.datetime(2025, 11, 2, 1, 30), "closes": datetime.datetime(2026, 3, 8, 2, 30)},
            ["opens", "closes"],
        ),
        ({"opens": PLAN.closes, "capacity": 0}, ["closes", "capacity"]),
    ],
)
def test_what_was_typed_is_refused_by_its_field(association, coordinator, changes, fields):
    details = replace(DETAILS, **changes)
    assert refusals(cohorts.create, association=association, details=details, by=coordinator) == fields
    assert Cohort.objects.count() == 0


def test_an_unknown_zone_is_named_by_its_field(association, coordinator):
    details = replace(DETAILS, time_zone="Mars/Base")
    found = refusals(cohorts.create, association=association, details=details, by=coordinator)
    assert found[0] == "time_zone"
    assert found.count("time_zone") == 1


def test_a_name_serves_once(association, other_association, coordinator, other_coordinator, cohort):
    assert refusals(cohorts.create, association=association, details=DETAILS, by=coordinator) == ["name"]
    assert cohorts.create(association=other_association, details=DETAILS, by=other_coordinator).name == "Summer 2026"


def test_publishing_once(cohort, coordinator, now):
    assert cohorts.publish(cohort=cohort, by=coordinator, now=now).published_at == now
    with pytest.raises(LostRace):
        cohorts.publish(cohort=cohort, by=coordinator, now=now)
    assert AuditEvent.objects.filter(verb="cohort.published").count() == 1


def test_a_cohort_whose_enrollment_is_over_is_not_published(cohort, coordinator):
    late = cohort.closes_at + datetime.timedelta(seconds=1)
    assert refusals(cohorts.publish, cohort=cohort, by=coordinator, now=late) == ["closes"]


def test_an_unpublished_cohort_is_changed_silently(cohort, coordinator):
    EnrolmentFactory(cohort=cohort)
    details = replace(DETAILS, name="Late summer", deadline=PLAN.deadline + datetime.timedelta(days=7))
    changed = cohorts.edit(cohort=cohort, details=details, by=coordinator)
    assert (changed.name, changed.deadline_wall_time) == ("Late summer", "2026-10-02 17:00:00 America/Chicago")
    assert changed.milestones.get(kind="submitted").due_at == changed.submission_deadline_at
    assert changed.milestones.count() == len(MilestoneKind)
    assert OutgoingMessage.objects.count() == 0


def test_members_hear_of_changed_dates(cohort, coordinator, now):
    cohorts.publish(cohort=cohort, by=coordinator, now=now)
    enrolments = [EnrolmentFactory(cohort=cohort), EnrolmentFactory(cohort=cohort)]
    EnrolmentFactory(cohort=cohort, state="left")
    details = replace(DETAILS, deadline=PLAN.deadline + datetime.timedelta(days=7))
    cohorts.edit(cohort=cohort, details=details, by=coordinator)
    event = AuditEvent.objects.get(verb="cohort.edited")
    assert event.data == {"submission_deadline_at": ["2026-09-25T22:00:00+00:00", "2026-10-02T22:00:00+00:00"]}
    assert sorted(OutgoingMessage.objects.values_list("key", flat=True)) == sorted(
        f"cohort-dates:{event.pk}:{row.person_id}" for row in enrolments
    )


def test_a_new_welcome_is_no_news(cohort, coordinator, now):
    cohorts.publish(cohort=cohort, by=coordinator, now=now)
    EnrolmentFactory(cohort=cohort)
    assert cohorts.edit(cohort=cohort, details=replace(DETAILS, welcome="Hello."), by=coordinator).welcome == "Hello."
    assert OutgoingMessage.objects.count() == 0


def test_seats_never_fall_below_those_taken(cohort, coordinator):
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=5)
    assert refusals(cohorts.edit, cohort=cohort, details=replace(DETAILS, capacity=4), by=coordinator) == ["capacity"]
    assert cohorts.edit(cohort=cohort, details=replace(DETAILS, capacity=5), by=coordinator).seats_taken == 5
