"""A corrected standing is counted again for everybody it touches, and each of them is told once (N40)."""

import datetime

import pytest
from django.urls import reverse

from applications.actions import recounts
from applications.queries.gap import own_report
from applications.queries.recounts import standing_preview
from competencies.actions import providers
from competencies.enums import StandingKind
from competencies.models import Category, Standing, StandingChange
from competencies.queries.standing_rows import row_of, rows_after, standing_rows
from endorsement_portal import jobs
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.actions.delivery import deliver_due
from endorsement_portal.outbox.models import InAppMessage, OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.competencies import StandingFactory, SupervisionFactory
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date
NOW = datetime.datetime(2026, 5, 12, 17, 0, tzinfo=datetime.UTC)
TODAY = DAY(2026, 5, 12)


@pytest.fixture
def mentor(association):
    person = PersonFactory(name="Ines Larkmoor")
    person.standing = StandingFactory(person=person, starts_on=DAY(2020, 1, 1), association=association)
    return person


def sessions(person, mentor, *days, **values):
    for day in days:
        SupervisionFactory(person=person, provider=mentor, confirmed=True, minutes=90, on=day, **values)


@pytest.fixture
def people(association, other_association, mentor):
    """One plans here, one has an open application here, one plans elsewhere, one has a portfolio alone, and the
    sessions of the last lie before the end."""
    here, there = CohortFactory(association=association), CohortFactory(association=other_association)
    late = (DAY(2025, 6, 30), DAY(2025, 7, 1), DAY(2025, 7, 2), DAY(2025, 7, 3))
    made = {
        name: PersonFactory(name=name, with_user=True) for name in ("Plans", "Applies", "Elsewhere", "Alone", "Before")
    }
    for name, person in made.items():
        sessions(person, mentor, *(late[:1] if name == "Before" else late))
    EnrolmentFactory(cohort=here, person=made["Plans"], intended_category="IFS")
    EnrolmentFactory(cohort=here, person=made["Before"], intended_category="IFS")
    EnrolmentFactory(cohort=there, person=made["Elsewhere"], intended_category="IFS")
    seat = EnrolmentFactory(cohort=here, person=made["Applies"])
    made["application"] = ApplicationFactory(enrolment=seat, category=Category.objects.get(code="IMHS"))
    return made


def end(mentor, association, by):
    return providers.end_standing(standing=mentor.standing, ends_on=DAY(2025, 6, 30), association=association, by=by)


def told():
    return {
        message.to_name: message.context["lines"]
        for message in OutgoingMessage.objects.filter(kind="hours_recounted").order_by("pk")
    }


def test_everybody_whose_counted_minutes_change_is_told_once(people, mentor, association, coordinator):
    end(mentor, association, coordinator)
    assert recounts.tell_pending(now=NOW) == 1
    assert recounts.tell_pending(now=NOW) == 0
    change = StandingChange.objects.get()
    assert (change.job_state, change.told) == ("done", 4)
    why = "because Ines Larkmoor's standing as IMHM-C ended on June 30, 2025."
    rule = "Reflective supervision/consultation received"
    assert told()["Plans"] == [
        f"3 sessions (4 h 30 min) with Ines Larkmoor no longer count for IMH-E Infant Family Specialist, {why}",
        f"{rule}: 1 h 30 min counted, before it was 6 h; 22 h 30 min missing.",
    ]
    assert told()["Applies"][0] == (
        "3 sessions (4 h 30 min) with Ines Larkmoor no longer count for IMH-E Infant Mental Health Specialist, " + why
    )
    assert set(told()) == {"Plans", "Applies", "Alone", "Elsewhere"}
    assert len(told()["Alone"]) == 2  # the sessions fit the infants' license alone: one category of it is named


def test_a_planned_category_of_the_other_license_is_not_touched(people, mentor, association, coordinator):
    """The sessions are about infants: they never counted for it, so nothing moved."""
    EnrolmentFactory._meta.model.objects.filter(person=people["Plans"]).update(intended_category="ECFS")
    end(mentor, association, coordinator)
    recounts.tell_pending(now=NOW)
    assert "Plans" not in told()


def test_the_note_reaches_the_portal_and_leads_to_the_report(people, mentor, association, coordinator):
    end(mentor, association, coordinator)
    recounts.tell_pending(now=NOW)
    deliver_due()
    copy = InAppMessage.objects.get(user=people["Plans"].user, kind="hours_recounted")
    assert copy.link.endswith(reverse("gap", args=["ifs"]))
    assert "no longer count" in copy.body


def test_the_preview_names_its_own_people_and_counts_the_others(people, mentor, association, other_association):
    before = standing_rows(mentor)
    after = rows_after(mentor, {**before[0], "ends_on": "2025-06-30"}, instead_of=mentor.standing)
    found = standing_preview(mentor, association, before, after, TODAY)
    assert (found.names, found.elsewhere, found.count, found.uncounted) == (("Applies", "Plans"), 2, 4, 0)
    there = standing_preview(mentor, other_association, before, after, TODAY)
    assert (there.names, there.elsewhere) == (("Elsewhere",), 3)
    same = standing_preview(mentor, association, before, before, TODAY)
    assert (same.names, same.count) == ((), 0)
    assert StandingChange.objects.count() == 0


def test_too_many_to_count_while_somebody_waits(people, mentor, association, monkeypatch):
    monkeypatch.setattr("applications.queries.recounts.PREVIEW_MAX", 4)
    rows = standing_rows(mentor)
    assert standing_preview(mentor, association, rows, [], TODAY).uncounted == 5


def test_a_corrected_standing_is_judged_again_and_may_be_corrected_back(people, mentor, association, coordinator):
    category = Category.objects.get(code="IFS")

    def minutes():
        findings = own_report(people["Plans"], category).findings
        return next(finding.have_minutes for finding in findings if finding.requirement == "rsc")

    def correct(**changes):
        given = {
            "code": "IMHM-C", "kind": StandingKind.ENDORSED, "starts_on": DAY(2020, 1, 1), "ends_on": None,
            "source": "Registry", "reason": "A slip", **changes,
        }  # fmt: skip
        row = Standing.objects.get(pk=mentor.standing.pk)
        return providers.correct_standing(standing=row, association=association, by=coordinator, **given)

    assert minutes() == 360
    correct(starts_on=DAY(2025, 7, 2))
    assert minutes() == 180
    recounts.tell_pending(now=NOW)
    assert told()["Before"][0].endswith("because Ines Larkmoor's standing as IMHM-C begins on July 2, 2025.")
    correct()
    assert minutes() == 360
    recounts.tell_pending(now=NOW + datetime.timedelta(minutes=1))
    assert (
        told()["Before"][0]
        == "1 session (1 h 30 min) with Ines Larkmoor now counts for IMH-E Infant Family Specialist."
    )
    event = AuditEvent.objects.filter(verb="providers.standing_corrected").first()
    assert event.data == {
        "was": {"code": "IMHM-C", "kind": "endorsed", "starts_on": "2020-01-01", "ends_on": "None"},
        "code": "IMHM-C", "kind": "endorsed", "from": "2025-07-02", "to": None,
    }  # fmt: skip
    assert event.text.text == "A slip"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ends_on": DAY(2019, 1, 1)}, "ends_before_start"),
        ({"code": "NOPE"}, "code_does_not_fit"),
        ({"starts_on": DAY(2010, 1, 1)}, "standing_overlaps"),
    ],
)
def test_a_correction_is_refused_with_its_reason(mentor, association, coordinator, changes, reason):
    StandingFactory(person=mentor, starts_on=DAY(2010, 1, 1), ends_on=DAY(2019, 12, 31), association=association)
    given = {
        "code": "IMHM-C", "kind": StandingKind.ENDORSED, "starts_on": DAY(2020, 1, 1), "ends_on": None, "source": "",
        "reason": "x", **changes,
    }  # fmt: skip
    with pytest.raises(NotAllowed) as caught:
        providers.correct_standing(standing=mentor.standing, association=association, by=coordinator, **given)
    assert caught.value.findings[0].requirement == reason
    assert StandingChange.objects.count() == 0


def test_a_correction_of_what_changed_meanwhile_or_elsewhere(mentor, association, coordinator, other_association):
    given = {
        "code": "IMHM-C", "kind": StandingKind.ENDORSED, "starts_on": DAY(2020, 1, 1), "ends_on": None, "source": "",
        "reason": "x", "association": association, "by": coordinator,
    }  # fmt: skip
    shown = Standing.objects.get(pk=mentor.standing.pk)
    end(mentor, association, coordinator)
    with pytest.raises(LostRace):
        providers.correct_standing(standing=shown, **given)
    theirs = StandingFactory(person=mentor, association=other_association, code="ERS-IMH", kind="add_on")
    with pytest.raises(NotAllowed) as caught:
        providers.correct_standing(standing=theirs, **given)
    assert caught.value.findings[0].requirement == "recorded_elsewhere"


def test_nothing_is_noted_for_somebody_who_gave_no_session(association, coordinator):
    person = PersonFactory()
    providers.record_standing(
        person=person, code="IMHM-C", kind=StandingKind.ENDORSED, starts_on=DAY(2020, 1, 1), association=association,
        by=coordinator,
    )  # fmt: skip
    assert StandingChange.objects.count() == 0
    assert row_of(person.standings.get()) == {
        "code": "IMHM-C", "kind": "endorsed", "starts_on": "2020-01-01", "ends_on": None, "trusted": True,
    }  # fmt: skip


def test_a_change_without_an_association_is_judged_on_the_utc_day(people, mentor):
    before = standing_rows(mentor)
    StandingChange.objects.create(person=mentor, before=before, after=[])
    recounts.tell_pending(now=NOW)
    assert set(told()) == {"Plans", "Applies", "Alone", "Elsewhere", "Before"}
    assert "because Ines Larkmoor has no standing recorded." in told()["Plans"][0]


def test_a_worker_that_fails_is_tried_again_and_nobody_is_told_twice(
    people, mentor, association, coordinator, monkeypatch
):
    end(mentor, association, coordinator)
    monkeypatch.setattr(jobs, "finish", lambda *_args, **_given: (_ for _ in ()).throw(RuntimeError("lights out")))
    recounts.tell_pending(now=NOW)
    change = StandingChange.objects.get()
    assert (change.job_state, change.error, told()) == ("waiting", "RuntimeError: lights out", {})
    monkeypatch.undo()
    assert recounts.tell_pending(now=NOW) == 0
    assert recounts.tell_pending(now=NOW + datetime.timedelta(minutes=2)) == 1
    assert len(told()) == 4
