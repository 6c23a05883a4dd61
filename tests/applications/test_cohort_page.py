"""A cohort's page: own progress by the facts, everybody's in totals that tell of nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from applications.queries import cohort_page
from cohorts.enums import MilestoneKind
from cohorts.models import Milestone
from cohorts.queries import discussion
from competencies.models import Category
from tests.cohorts.test_pages import dated
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.competencies import TrainingFactory
from tests.factories.members import PersonFactory


@pytest.fixture
def cohort(association):
    cohort = CohortFactory(association=association, name="Spring cohort", **dated())
    for number, kind in enumerate(MilestoneKind):
        Milestone.objects.create(
            cohort=cohort, kind=kind, title=kind.label, due_at=timezone.now() + timedelta(days=number * 10 - 5)
        )
    return cohort


def applied(enrolment, *, references=0, received=0, submitted=False):
    application = ApplicationFactory(enrolment=enrolment, submitted=submitted)
    for place in range(references):
        ReferenceFactory(application=application, state="received" if place < received else "named")
    return application


def page_for(cohort, person):
    now = timezone.now()
    access = discussion.access(person.user, cohort.uuid, now)
    return cohort_page.member_page(person.user, access, now)


def steps(page):
    return {step.title: (step.done, step.now, step.done_by) for step in page.milestones}


def test_a_small_cohort_shows_no_totals(cohort, applicant):
    for person in (applicant, PersonFactory(), PersonFactory()):
        EnrolmentFactory(cohort=cohort, person=person)
    assert {step.done_by for step in page_for(cohort, applicant).milestones} == {None}


def test_own_progress_and_everybodys_totals(cohort, applicant):
    mine = EnrolmentFactory(cohort=cohort, person=applicant)
    others = [EnrolmentFactory(cohort=cohort) for _number in range(3)]
    TrainingFactory(person=applicant)
    applied(mine, references=3, received=1)
    applied(others[0], references=3, received=3, submitted=True)
    applied(others[1], references=1)
    withdrawn = applied(others[2], references=3)
    Application.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
    assert steps(page_for(cohort, applicant)) == {
        "First entries in the portfolio": (True, False, None),
        "Application started": (True, False, 3),
        "All raters named": (True, False, 2),
        "All ratings received": (False, True, 1),
        "Application submitted": (False, False, 1),
    }


def test_nothing_done_yet(cohort, applicant):
    EnrolmentFactory(cohort=cohort, person=applicant)
    assert {title: done for title, (done, _now, _by) in steps(page_for(cohort, applicant)).items()} == dict.fromkeys(
        [kind.label for kind in MilestoneKind], False
    )


def test_a_coordinator_sees_the_dates_without_progress_of_their_own(cohort, coordinator):
    page = page_for(cohort, coordinator.person)
    assert page.enrolment is None
    assert steps(page)["First entries in the portfolio"] == (True, False, None)
    assert steps(page)["Application started"] == (False, True, None)
    assert page.coordinators == [coordinator.person]


def test_two_applications_of_one_person_are_named_together(cohort, applicant):
    mine = EnrolmentFactory(cohort=cohort, person=applicant, intended_category="IFA")
    EnrolmentFactory(cohort=cohort, intended_category="NOPE")
    applied(mine)
    second = applied(EnrolmentFactory(cohort=cohort))
    Application.objects.filter(pk=second.pk).update(
        enrolment=mine, person=applicant, category=Category.objects.get(code="ECFS")
    )
    rows = {row.person: row.categories for row in page_for(cohort, applicant).members}
    assert rows[applicant] == "Infant Family Specialist, Early Childhood Family Specialist"
    assert min(rows.values()) == ""


def test_a_reservation_with_a_plan(client, association, applicant):
    cohort = CohortFactory(association=association, **dated())
    client.force_login(applicant.user)
    text = client.get(reverse("cohort_page", args=[cohort.uuid])).content.decode()
    assert '<option value="IFS">Infant Family Specialist</option>' in text
    assert "ERS-IMH" not in text
    assert '<optgroup label="IMH-E">' in text


def test_the_start_of_an_application_is_offered_to_the_seated(client, cohort, applicant):
    enrolment = EnrolmentFactory(cohort=cohort, person=applicant)
    client.force_login(applicant.user)
    text = client.get(reverse("cohort_page", args=[cohort.uuid])).content.decode()
    assert reverse("applications:start", args=[enrolment.uuid]) in text
