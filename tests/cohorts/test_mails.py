"""Every mail of cohorts and credentials can be built, in HTML and in plain text, and leads where it says."""

import datetime
import uuid
from dataclasses import replace

import pytest

from cohorts.actions import cohorts, discussion, moderation
from cohorts.actions import enrolment as seats
from competencies.models import Category
from credentials.actions import endorsements
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.outbox.rendering import mail_of, render
from tests.cohorts.test_cohort_actions import DETAILS
from tests.factories.cohorts import EnrolmentFactory


@pytest.fixture
def everything_sent(association, coordinator, applicant, other_applicant, now):
    cohort = cohorts.create(association=association, details=DETAILS, by=coordinator)
    cohorts.publish(cohort=cohort, by=coordinator, now=now)
    seat = seats.reserve(cohort=cohort, person=applicant, by=applicant.user, now=now)
    EnrolmentFactory(cohort=cohort, person=other_applicant)
    cohorts.edit(cohort=cohort, details=replace(DETAILS, review_ends_on=datetime.date(2099, 1, 1)), by=coordinator)
    cohort.refresh_from_db()
    thread = discussion.start_thread(cohort=cohort, by=coordinator, title="Office\nhours", body="x", is_notice=True)
    post = discussion.reply(thread=thread, by=applicant.user, body="y")
    moderation.report(post=post, by=other_applicant.user, reason="x")
    moderation.hide(post=post, by=coordinator, reason="A name")
    moderation.restore(post=post, by=coordinator, reason="A doll")
    post.reports.update(state="open")
    moderation.keep(post=post, by=coordinator, reason="Fine")
    seats.leave(enrolment=seat, by=applicant.user, now=now)
    again = seats.reserve(cohort=cohort, person=applicant, by=applicant.user, now=now)
    seats.pause(enrolment=again, by=applicant.user, reason="Leave", now=now)
    awards = {"association": association, "by": coordinator, "person": applicant, "holder_name": applicant.name}
    for code, until in (("IFS", None), ("ERS-IMH", datetime.date(2027, 5, 11))):
        endorsements.grant(
            category=Category.objects.get(code=code),
            decision_uuid=uuid.uuid4(),
            granted_on=datetime.date(2026, 5, 12),
            emerging_until=until,
            **awards,
        )
    return {f"{row.kind}:{row.context.get('outcome', '')}": row for row in OutgoingMessage.objects.order_by("pk")}


def test_every_mail_is_built(everything_sent):
    subjects = {kind: render(row).subject for kind, row in everything_sent.items()}
    assert subjects == {
        "seat_confirmed:": "Your seat in Summer 2026",
        "cohort_dates_changed:": "New dates for Summer 2026",
        "notice:": "From your coordinators: Office hours",
        "post_hidden:hidden": 'Your post in "Office hours" is hidden',
        "post_hidden:restored": 'Your post in "Office hours" is shown again',
        "post_hidden:report_hidden": 'The post you reported in "Office hours"',
        "post_hidden:report_kept": 'The post you reported in "Office hours"',
        "cohort_seat_ended:": "You paused in Summer 2026",
        "endorsement_granted:": "You are endorsed as emerging: Infant Endorsed Reflective Supervisor (add-on)",
    }


def test_every_mail_has_a_plain_twin_and_a_link(everything_sent):
    for row in everything_sent.values():
        rendered = render(row)
        assert rendered.link.startswith("http://testserver/")
        assert "Dear " in rendered.text
        assert mail_of(row, rendered).message()["Subject"]


def test_a_mail_names_the_instant_of_the_page(everything_sent):
    text = render(everything_sent["seat_confirmed:"]).text
    assert "Fri, September 25, 2026, 5:00 pm CDT" in text
    assert "/calendar.ics" in text


def test_the_two_endings_of_a_seat(everything_sent):
    subjects = [render(row).subject for row in OutgoingMessage.objects.filter(kind="cohort_seat_ended").order_by("pk")]
    assert subjects == ["You gave back your seat in Summer 2026", "You paused in Summer 2026"]
