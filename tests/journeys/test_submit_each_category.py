"""The way to a submission, for each category that takes applications; those replaced say what replaced them."""

import datetime
import json
import uuid

import pytest

from applications.enums import Status
from applications.models import Submission
from competencies.models import Category
from coordination.seeding.stories import account, user_of
from credentials.actions import endorsements
from tests.journeys.traveler import Traveler, rate

ACTIVE = (
    "IFA", "IFS", "IMHS", "IMHM-C", "IMHM-P", "IMHM-R/F", "ECFA", "ECFS", "ECMHS", "ECMHM-C", "ECMHM-P", "ECMHM-R/F",
    "ERS-IMH", "ERS-ECMH",
)  # fmt: skip
SUPERSEDED = {"IFRS": "ERS-IMH", "ECFRS": "ERS-ECMH"}


def test_the_journeys_cover_every_active_category(db):
    assert set(ACTIVE) == set(Category.objects.open_to_applications().values_list("code", flat=True))


@pytest.mark.parametrize("code", ACTIVE)
def test_from_seat_to_submission(stage, open_cohort, code):
    category = Category.objects.select_related("license").get(code=code)
    person = account("Juniper Alderbrook")
    stage.member(person)
    stage.fill_portfolio(person, category)
    stage.sign_sessions(person)
    if category.is_add_on:
        grant_base(stage, person, category)
    traveler = Traveler(person, stage)

    traveler.reserve(open_cohort, code)
    application = traveler.start(code)
    for reference in traveler.ask_raters(application):
        rate(reference)
    traveler.sign(application)
    where = traveler.submit(application)

    application.refresh_from_db()
    assert application.status == Status.SUBMITTED
    assert where == f"/applications/{application.uuid}/submitted/1/"
    submission = Submission.objects.get(application=application)
    frozen = json.loads(submission.snapshot)
    assert frozen["category"]["code"] == code
    unmet = [
        finding["requirement"]
        for finding in frozen["findings"]
        if finding["required"] and finding["stage"] == "submission" and not finding["met"]
    ]
    assert unmet == []
    assert application.reference_number in traveler.go("applications:confirmation", application.uuid, 1)


def grant_base(stage, person, category):
    base = Category.objects.get(code=category.base_any_of[0])
    with stage.world.at(-300):
        endorsements.grant(
            person=person, association=stage.association, category=base, decision_uuid=uuid.uuid4(),
            granted_on=stage.world.day(-300), by=stage.coordinator, holder_name=person.name,
        )  # fmt: skip


@pytest.mark.parametrize(("code", "successor"), SUPERSEDED.items())
def test_replaced_categories_refuse_and_say_what_replaced_them(stage, open_cohort, code, successor):
    person = account("Juniper Alderbrook")
    stage.member(person)
    traveler = Traveler(person, stage)
    traveler.reserve(open_cohort, code)
    enrolment = person.enrolments.get()

    response = traveler.client.post(f"/applications/start/{enrolment.uuid}/", {"category": code})

    assert response.status_code == 422
    assert person.applications.count() == 0
    assert Category.objects.get(code=successor).name in traveler.go("gap", Category.objects.get(code=code).slug)


def test_a_submission_after_the_deadline_is_refused_and_keeps_the_work(stage, open_cohort):
    category = Category.objects.select_related("license").get(code="IFA")
    person = account("Juniper Alderbrook")
    stage.member(person)
    stage.fill_portfolio(person, category)
    traveler = Traveler(person, stage)
    traveler.reserve(open_cohort, "IFA")
    application = traveler.start("IFA")
    for reference in traveler.ask_raters(application):
        rate(reference)
    traveler.sign(application)
    type(open_cohort).objects.filter(pk=open_cohort.pk).update(
        closes_at=open_cohort.opens_at + datetime.timedelta(days=1),
        submission_deadline_at=open_cohort.opens_at + datetime.timedelta(days=2),
    )

    response = traveler.client.post(f"/applications/{application.uuid}/submit/", {"declaration": person.name})

    application.refresh_from_db()
    assert (response.status_code, application.status) == (422, Status.DRAFT)
    assert Submission.objects.count() == 0
    assert user_of(person).person.training.count() == 12
