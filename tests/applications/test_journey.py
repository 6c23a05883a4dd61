"""Starting, selecting, moving and withdrawing."""

import datetime
import re
from functools import partial

import pytest
from django.urls import reverse

from applications.actions import journey
from applications.enums import Status
from applications.models import Application, ReviewAssignment
from cohorts.models import Enrolment
from competencies.models import Category, Edition, Overlay
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import AssociationSettings
from tests.applications.desk import assigned, submitted
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.members import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(association, applicant):
    MembershipFactory(person=applicant, association=association)
    return EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant)


def category(code="IFS"):
    return Category.objects.get(code=code)


def start(seat, now, code="IFS", **values):
    return journey.start(
        enrolment=seat, category=category(code), by=values.pop("by", seat.person.user), now=now, **values
    )


def refusal(seat, now, code="IFS", **values):
    before = Application.objects.count()
    with pytest.raises(NotAllowed) as error:
        start(seat, now, code, **values)
    assert Application.objects.count() == before
    return [finding.requirement for finding in error.value.findings]


def test_start(seat, now):
    application = start(seat, now)
    assert re.fullmatch(r"PR-26S-\d{4}", application.reference_number)
    assert (application.status, application.edition.code, application.overlay, application.version) == (
        "draft", "iecmh-2025", None, 1,
    )  # fmt: skip
    assert OutgoingMessage.objects.get().key == f"draft-first:{application.uuid}"


def test_the_associations_own_name_and_fees_are_kept_with_the_application(client, seat, now):
    overlay = Overlay.objects.create(
        association=seat.cohort.association,
        edition=Edition.objects.get(),
        version=1,
        data={"names": {"IFS": "Family Specialist"}, "fees": [{"fee": "processing", "amount": 75, "currency": "USD"}]},
        sha256="0" * 64,
        published_at=now,
    )
    named, other = start(seat, now), start(seat, now, "ECFS")
    assert (named.overlay, named.category_name) == (overlay, "Family Specialist")
    assert other.category_name == other.category.name
    client.force_login(seat.person.user)
    page = client.get(reverse("applications:category", args=[named.uuid])).content.decode()
    hub = client.get(reverse("applications:hub", args=[named.uuid])).content.decode()
    assert ("75 USD" in page, "Processing" in page) == (True, True)
    assert ("Family Specialist</h1>" in page, "<title>Family Specialist" in hub) == (True, True)


@pytest.mark.parametrize("code", ["IFRS", "ECFRS"])
def test_superseded_categories_say_what_replaced_them(seat, now, code):
    with pytest.raises(NotAllowed) as error:
        start(seat, now, code)
    message = error.value.findings[0].message
    assert error.value.findings[0].requirement == "category"
    assert "was replaced by" in message


def test_somebody_elses_seat(seat, now, other_applicant):
    assert refusal(seat, now, by=other_applicant.user) == ["actor"]


def test_a_seat_given_back(seat, now):
    seat.state = "left"
    seat.save()
    assert refusal(seat, now) == ["seat"]


def test_a_cohort_that_is_over(seat):
    over = seat.cohort.submission_deadline_at + datetime.timedelta(seconds=1)
    assert refusal(seat, over) == ["phase"]


def test_membership_on_the_day(seat, now):
    seat.person.memberships.update(ends_on=datetime.date(2026, 5, 11))
    assert refusal(seat, now) == ["membership"]


def test_a_license_that_is_not_offered(seat, now, association):
    association.offers_licenses = ["ECMH-E"]
    association.save()
    assert refusal(seat, now) == ["license"]


def test_emerging_is_for_add_ons(seat, now):
    assert refusal(seat, now, asks_emerging=True) == ["emerging"]
    assert start(seat, now, "ERS-IMH", asks_emerging=True).asks_emerging


def test_one_open_application_per_category(seat, now):
    first = start(seat, now)
    assert refusal(seat, now) == ["already_open"]
    assert start(seat, now, "ECFS").status == Status.DRAFT
    journey.withdraw(application=first, by=seat.person.user, now=now)
    assert start(seat, now).pk != first.pk


def test_the_constraint_speaks_when_two_clicks_race(seat, now, monkeypatch):
    start(seat, now)
    monkeypatch.setattr(journey, "_other_applications", lambda *_: ())
    assert refusal(seat, now) == ["already_open"]


def test_one_at_a_time_where_the_association_says_so(seat, now, association):
    AssociationSettings.objects.filter(association=association).update(two_applications_at_once=False)
    start(seat, now)
    assert refusal(seat, now, "ECFS") == ["two_at_once"]


def draws(monkeypatch, draw):
    monkeypatch.setattr(journey, "reference_numbers", partial(journey.reference_numbers, draw=draw))


def test_reference_numbers_are_free_ones(seat, now, monkeypatch):
    numbers = iter([7, 7, 8])
    draws(monkeypatch, lambda _most: next(numbers))
    assert start(seat, now).reference_number == "PR-26S-0007"
    assert start(seat, now, "ECFS").reference_number == "PR-26S-0008"


def test_when_no_number_is_free(seat, monkeypatch):
    ApplicationFactory(enrolment=seat, reference_number="PR-26S-0007", category=category("IFA"))
    ApplicationFactory(enrolment=seat, reference_number="PR-26S-000007", category=category("ECFA"))
    draws(monkeypatch, lambda _most: 7)
    with pytest.raises(RuntimeError, match="No free reference number"):
        journey.new_reference_number(seat.cohort)


# --- Selection --------------------------------------------------------------------------------------


def test_selection_keeps_known_kinds(seat, now):
    application = start(seat, now)
    row = journey.select(
        application=application,
        by=seat.person.user,
        left_out={"training": ["t2", "t1", "t1"], "work": [], "nonsense": ["x"]},
    )
    assert row.left_out == {"training": ["t1", "t2"]}


def test_selection_is_the_applicants_and_ends_with_sending(association, now, coordinator):
    application = submitted(association)
    with pytest.raises(NotAllowed, match="not your application"):
        journey.select(application=application, by=coordinator, left_out={})
    with pytest.raises(NotAllowed, match="cannot be changed"):
        journey.select(application=application, by=application.person.user, left_out={})


# --- Withdrawing ------------------------------------------------------------------------------------


def test_withdrawing_ends_what_waits(association, now, coordinator, reviewer):
    assignment = assigned(association, coordinator, reviewer)
    application = assignment.application
    waiting = ReferenceFactory(application=application, state="asked", asked_at=now)
    row = journey.withdraw(application=application, by=application.person.user, reason="Moving away", now=now)
    assert row.status == Status.WITHDRAWN
    waiting.refresh_from_db()
    assert waiting.state == "canceled"
    assert application.references.filter(state="received").count() == 3
    assert ReviewAssignment.objects.get().state == "removed"
    keys = set(OutgoingMessage.objects.filter(kind__startswith="withdrawn").values_list("key", flat=True))
    assert keys == {f"withdrawn:{row.uuid}", f"withdrawn-desk:{row.uuid}:{coordinator.uuid}"}


def test_a_draft_is_withdrawn_without_troubling_the_desk(seat, now, coordinator):
    row = journey.withdraw(application=start(seat, now), by=coordinator, now=now)
    assert row.status == Status.WITHDRAWN
    assert not OutgoingMessage.objects.filter(kind="withdrawn_desk").exists()


def test_withdrawn_is_for_good(seat, now, other_applicant):
    application = start(seat, now)
    with pytest.raises(NotAllowed, match="not yours"):
        journey.withdraw(application=application, by=other_applicant.user, now=now)
    journey.withdraw(application=application, by=seat.person.user, now=now)
    with pytest.raises(LostRace):
        journey.withdraw(application=application, by=seat.person.user, now=now)


# --- Moving -----------------------------------------------------------------------------------------


def test_drafts_move_with_the_seat(seat, now, association):
    draft = start(seat, now)
    later = CohortFactory(association=association)
    new = journey.move(enrolment=seat, to=later, by=seat.person.user, reason="Leave of absence", now=now)
    draft.refresh_from_db()
    assert (draft.enrolment, new.cohort) == (new, later)


def test_what_was_sent_stays_in_its_cohort(association, now):
    application = submitted(association)
    later = CohortFactory(association=association)
    user = application.person.user
    journey.move(enrolment=application.enrolment, to=later, by=user, reason="Leave", now=now)
    application.refresh_from_db()
    assert application.enrolment == Enrolment.objects.get(pk=application.enrolment_id)
    assert application.enrolment.cohort != later


def test_no_move_to_another_association(seat, now, other_association):
    with pytest.raises(NotAllowed, match="one association"):
        journey.move(
            enrolment=seat, to=CohortFactory(association=other_association), by=seat.person.user, reason="x", now=now
        )
