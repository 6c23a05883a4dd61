"""Planning over rows: who hears what, once; the command that lists it; a number of queries that does not grow."""

import datetime
import io

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.actions import references
from applications.actions import reminders as planning
from applications.actions.reminders import plan
from applications.enums import ReferenceState, Status
from applications.models import Application, ReminderStep, ReviewAssignment
from applications.tasks import plan_reminders
from cohorts.models import Milestone
from endorsement_portal.outbox.models import OutgoingMessage
from members.models import Membership, Person
from tests.applications.rating_desk import asked, link_of
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.members import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def at(day, hour=15, month=6):
    """15:00 UTC is ten in the morning in Chicago."""
    return datetime.datetime(2026, month, day, hour, 0, tzinfo=datetime.UTC)


@pytest.fixture
def cohort(association):
    return CohortFactory(association=association)


@pytest.fixture
def seat(cohort, applicant):
    return EnrolmentFactory(cohort=cohort, person=applicant)


@pytest.fixture
def application(seat):
    return ApplicationFactory(enrolment=seat)


def lines(planned):
    """Address -> steps, without the objects' ids."""
    return {
        row.to: sorted(f"{key.partition(':')[0]}:{key.rpartition(':')[2]}" for key in row.lines)
        for row in planned.mails
        if row.key.startswith("reminders:")
    }


def test_a_seat_without_a_submission_is_reminded(seat, cohort):
    planned = plan(at(19))
    message = OutgoingMessage.objects.get()
    assert lines(planned) == {"maren@example.org": ["cohort-close:T-7"]}
    assert (message.key, message.kind, message.required) == (
        f"reminders:{seat.person_id}:2026-06-19",
        "cohort_closing",
        True,
    )
    assert message.scope == "XX-PR"
    assert set(ReminderStep.objects.values_list("state", flat=True)) == {"sent", "skipped"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.DRAFT, {"maren@example.org": ["cohort-close:T-7"]}),
        (Status.SUBMITTED, {}),
        (Status.CHANGES_REQUESTED, {}),
        (Status.WITHDRAWN, {"maren@example.org": ["cohort-close:T-7"]}),
    ],
)
def test_who_has_submitted_is_left_alone(application, status, expected):
    Application.objects.update(status=status, submitted_at=at(1))
    assert lines(plan(at(19))) == expected


def test_one_draft_of_two_applications_keeps_the_reminder(application, seat):
    Application.objects.update(status=Status.SUBMITTED, submitted_at=at(1))
    from competencies.models import Category

    ApplicationFactory(enrolment=seat, category=Category.objects.get(code="ECFS"))
    assert lines(plan(at(19))) == {"maren@example.org": ["cohort-close:T-7"]}


def test_running_again_sends_nothing_again(seat):
    moments = [at(19), at(19), at(19, 16), at(20), at(22), at(22), at(23)]
    sent = [lines(plan(moment)) for moment in moments]
    assert sent == [
        {"maren@example.org": ["cohort-close:T-7"]},
        {}, {}, {}, {}, {},
        {"maren@example.org": ["cohort-close:T-3"]},
    ]  # fmt: skip


def test_two_days_missed_only_the_step_still_true_goes(seat):
    plan(at(12))
    assert lines(plan(at(20))) == {"maren@example.org": ["cohort-close:T-7"]}
    keys = dict(ReminderStep.objects.values_list("key", "reason"))
    assert sorted(key.rpartition(":")[2] for key in keys) == ["T-14", "T-28", "T-42", "T-7"]


def test_a_milestone_not_done(application, seat, cohort):
    due = datetime.datetime(2026, 6, 10, 22, 0, tzinfo=datetime.UTC)
    Milestone.objects.create(cohort=cohort, kind="raters_named", title="All raters named", due_at=due)
    Milestone.objects.create(cohort=cohort, kind="application_started", title="Application started", due_at=due)
    Milestone.objects.create(
        cohort=cohort, kind="submitted", title="Application submitted", due_at=cohort.submission_deadline_at
    )
    plan(at(29, month=5))
    assert lines(plan(at(3))) == {"maren@example.org": ["milestone:T-7"]}
    message = OutgoingMessage.objects.get(key__endswith="2026-06-03")
    assert (message.required, [line["title"] for line in message.context["lines"]]) == (False, ["All raters named"])


def test_all_raters_named_ends_the_milestone(application, seat, cohort):
    due = datetime.datetime(2026, 6, 10, 22, 0, tzinfo=datetime.UTC)
    Milestone.objects.create(cohort=cohort, kind="raters_named", title="All raters named", due_at=due)
    for number in range(3):
        ReferenceFactory(application=application, slot="colleague", rater__email=f"r{number}@example.org")
    plan(at(29, month=5))
    assert lines(plan(at(3))) == {}


def test_what_is_due_the_same_day_goes_in_one_mail(application, seat, cohort):
    due = datetime.datetime(2026, 6, 26, 20, 0, tzinfo=datetime.UTC)
    Milestone.objects.create(cohort=cohort, kind="portfolio_started", title="First entries", due_at=due)
    assert lines(plan(at(19))) == {"maren@example.org": ["cohort-close:T-7", "milestone:T-7"]}
    message = OutgoingMessage.objects.get()
    assert (message.kind, message.context["count"], message.required) == ("reminders", 2, True)


def test_a_membership_that_ends_before_the_review(application, applicant, association):
    membership = MembershipFactory(person=applicant, association=association)
    Membership.objects.filter(pk=membership.pk).update(
        ends_on=datetime.date(2026, 7, 31), decided_at=at(1, month=1), created_at=at(1, month=1)
    )
    assert lines(plan(at(1, month=7))) == {"maren@example.org": ["member:T-30"]}
    later = MembershipFactory(person=applicant, association=association)
    Membership.objects.filter(pk=later.pk).update(
        starts_on=datetime.date(2026, 8, 1), ends_on=datetime.date(2027, 7, 31)
    )
    assert lines(plan(at(24, month=7))) == {}


def test_a_membership_that_lasts_is_left_alone(application, applicant, association):
    MembershipFactory(person=applicant, association=association)
    assert lines(plan(at(1, month=7))) == {}


def test_a_rater_is_reminded_until_an_answer(application, now):
    reference = asked(application, now)
    first = lines(plan(now + datetime.timedelta(days=7)))
    message = OutgoingMessage.objects.get(to_email="ines@example.org", key__startswith="reminders:")
    link = link_of(reference, now)
    assert first["ines@example.org"] == ["rate-rem:+7"]
    assert message.context["lines"][0]["address"] == {"private_link": str(link.uuid), "url_name": "rating:landing"}
    references.cancel(reference=reference, by=application.person.user, now=now)
    assert "ines@example.org" not in lines(plan(now + datetime.timedelta(days=14)))


def test_a_rater_whose_link_is_gone_hears_nothing(application, now):
    ReferenceFactory(application=application, state=ReferenceState.ASKED, asked_at=now)
    Application.objects.update(status=Status.SUBMITTED, submitted_at=now)
    assert lines(plan(now + datetime.timedelta(days=7))) == {}


def test_an_ended_application_reminds_no_rater(application, now):
    asked(application, now)
    Application.objects.update(status=Status.WITHDRAWN)
    assert "ines@example.org" not in lines(plan(now + datetime.timedelta(days=7)))


@pytest.fixture
def review(application, reviewer, coordinator):
    Application.objects.update(status=Status.UNDER_REVIEW, submitted_at=at(1))
    assignment = ReviewAssignment.objects.create(
        application=application,
        submission_number=1,
        reviewer=reviewer,
        assigned_by=coordinator,
        due_on=datetime.date(2026, 7, 17),
    )
    ReviewAssignment.objects.update(created_at=at(1))
    return assignment


def test_a_review_is_reminded_before_and_after_its_day(review):
    days = [10, 15, 18, 22]
    assert [lines(plan(at(day, month=7))) for day in days] == [
        {"petra@example.org": ["rev-due:T-7"]},
        {"petra@example.org": ["rev-due:T-2"]},
        {"petra@example.org": ["rev-due:T+1"]},
        {"petra@example.org": ["rev-due:T+5"]},
    ]
    sent = OutgoingMessage.objects.filter(kind="review_due").order_by("pk")
    assert [row.context["lines"][0]["late"] for row in sent] == [False, False, True, True]


def test_a_review_that_was_sent_is_left_alone(review):
    ReviewAssignment.objects.update(state="submitted", submitted_at=at(5, month=7))
    assert lines(plan(at(10, month=7))) == {}


def briefs(planned):
    return {row.to: row.lines for row in planned.mails if row.key.startswith("brief:")}


def test_the_brief_says_what_waits_on_working_days_once(application, coordinator, other_coordinator):
    Application.objects.update(status=Status.SUBMITTED, submitted_at=at(1))
    assert briefs(plan(at(15, 13))) == {}
    assert briefs(plan(at(15, 14))) == {"linnea@example.org": ("XX-PR",)}
    assert briefs(plan(at(15, 15))) == {}
    assert briefs(plan(at(20))) == {}
    message = OutgoingMessage.objects.get(kind="brief")
    assert message.context["desks"][0]["waiting"] == [{"kind": "submissions", "count": 1}]


def test_an_empty_desk_gets_no_brief(coordinator):
    assert briefs(plan(at(15, 14))) == {}


def test_what_is_about_the_coordinator_is_not_in_their_brief(application, coordinator):
    Application.objects.update(status=Status.SUBMITTED, submitted_at=at(1), person=coordinator.person)
    assert briefs(plan(at(15, 14))) == {}


def test_two_desks_in_one_brief(application, coordinator, other_association):
    from tests.factories.members import StaffRoleFactory

    StaffRoleFactory(user=coordinator, association=other_association, role="coordinator")
    Application.objects.update(status=Status.SUBMITTED, submitted_at=at(1))
    MembershipFactory(association=other_association, state="pending", decided_at=None)
    assert briefs(plan(at(15, 14))) == {"linnea@example.org": ("XX-HL", "XX-PR")}


def test_a_coordinator_without_a_person_is_written_to_all_the_same(application, coordinator):
    Person.objects.filter(user=coordinator).update(user=None)
    Application.objects.update(status=Status.SUBMITTED, submitted_at=at(1))
    assert briefs(plan(at(15, 14))) == {"linnea@example.org": ("XX-PR",)}


def test_two_planners_at_once(seat, monkeypatch):
    """Both gathered before either wrote: the second one's day is taken."""
    gathered = planning.gather(at(19))
    plan(at(19))
    monkeypatch.setattr(planning, "gather", lambda now: gathered)
    assert plan(at(19)).mails == ()
    assert OutgoingMessage.objects.count() == 1


def test_a_step_taken_by_another_planner_takes_its_mail_back(seat, monkeypatch):
    """The other planner sent the step in a mail of another day: nothing of ours is left."""
    gathered = planning.gather(at(19))
    plan(at(20))
    monkeypatch.setattr(planning, "gather", lambda now: gathered)
    assert plan(at(19)).mails == ()
    assert OutgoingMessage.objects.count() == 1


def test_the_same_queries_for_one_person_and_for_many(seat, cohort, application):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            plan(at(19), dry_run=True)
        return len(caught)

    asked(application, at(10))
    queries()
    one = queries()
    for number in range(8):
        person = PersonFactory(with_user=True)
        more = ApplicationFactory(enrolment=EnrolmentFactory(cohort=cohort, person=person))
        MembershipFactory(person=person)
        asked(more, at(10), email=f"rater{number}@example.org")
    assert queries() == one


def test_the_mails_read_well(application, seat, cohort, now, association, applicant):
    """Each kind is really rendered and delivered, in one mail for the applicant."""
    membership = MembershipFactory(person=applicant, association=association)
    Membership.objects.filter(pk=membership.pk).update(
        ends_on=datetime.date(2026, 6, 26), decided_at=at(1, month=1), created_at=at(1, month=1)
    )
    Milestone.objects.create(cohort=cohort, kind="portfolio_started", title="First entries", due_at=at(26, 20))
    call_command("send_due", "--now", "2026-06-19T10:00:00-05:00", stdout=io.StringIO())
    mine = next(message for message in mail.outbox if "things" in message.subject)
    assert mine.subject == "3 things that come near"
    for words in ("applications close soon", "First entries", "Your membership ends before the review does"):
        assert words in mine.body


def test_a_raters_reminder_carries_the_link(application):
    """Counted from the real day, because a link that has ended is not mailed."""
    began = timezone.now().replace(hour=16, minute=0)
    began += datetime.timedelta(days=1 if began.weekday() == 6 else 0)
    asked(application, began)
    call_command("send_due", "--now", (began + datetime.timedelta(days=7)).isoformat(), stdout=io.StringIO())
    message = next(message for message in mail.outbox if message.subject.startswith("A reminder: please rate"))
    assert message.to == ['"Ines Larkmoor" <ines@example.org>']
    assert "http://testserver/r/" in message.body
    assert "Maren Oakhill" in message.body


# --- The command --------------------------------------------------------------------------------


def told(*args):
    out = io.StringIO()
    call_command("send_due", *args, stdout=out)
    return out.getvalue()


def everything():
    return (
        list(OutgoingMessage.objects.order_by("pk").values_list("key", "state")),
        list(ReminderStep.objects.order_by("pk").values_list("key", "state")),
    )


def test_a_dry_run_lists_and_writes_nothing(seat):
    text = told("--now", "2026-06-19T10:00:00-05:00", "--dry-run")
    assert f"reminders:{seat.person_id}:2026-06-19 -> maren@example.org: cohort-close:" in text
    assert "T-42: passed over" in text
    assert "1 to plan" in text
    assert everything() == ([], [])
    assert mail.outbox == []


def test_a_dry_run_lists_what_is_posted_too(application, now):
    asked(application, now)
    OutgoingMessage.objects.update(due_at=now)
    text = told("--now", "2026-06-13T03:00:00Z", "--dry-run")
    assert "rate-inv:" in text
    assert "1 posted and due" in text


def test_running_twice_sends_once(seat):
    first = told("--now", "2026-06-19T10:00:00-05:00")
    before = everything()
    second = told("--now", "2026-06-19T10:00:00-05:00")
    assert first.endswith("1 planned, 1 handed to the mail transport\n")
    assert second == "0 planned, 0 handed to the mail transport\n"
    assert (everything(), len(mail.outbox)) == (before, 1)


@pytest.mark.parametrize("now", ["tomorrow", "2026-06-19T10:00:00", "2026-13-45T10:00:00Z", ""])
def test_an_instant_needs_its_offset(now):
    if not now:
        assert "0 planned" in told()
        return
    with pytest.raises(CommandError):
        call_command("send_due", "--now", now)


def test_the_task_plans(seat):
    plan_reminders()
    assert OutgoingMessage.objects.count() == 0
