"""Somebody who is endorsed finds the endorsement on the home page, not the first steps of a beginner."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.queries.home import home
from credentials.enums import EndorsementEventKind
from credentials.models import EndorsementEvent
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.credentials import EndorsementFactory

pytestmark = pytest.mark.django_db

YEAR = datetime.timedelta(days=365)


def endorsed(person, granted, until):
    endorsement = EndorsementFactory(person=person, granted_on=granted, valid_until=until)
    EndorsementEvent.objects.create(
        endorsement=endorsement, kind=EndorsementEventKind.GRANTED, on=granted, valid_until=until, at=timezone.now()
    )
    return endorsement


@pytest.mark.parametrize("seated", [False, True])
def test_an_endorsement_comes_first(client, association, applicant, now, seated):
    endorsed(applicant, now.date(), now.date() + YEAR)
    if seated:
        EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant, intended_category="IFS")
    page = home(applicant.user, now)
    assert (page.next_step.title, page.next_step.href) == ("You are endorsed", reverse("credentials:mine"))
    assert page.first_steps == ()
    client.force_login(applicant.user)
    assert client.get(reverse("home")).status_code == 200


def test_an_endorsement_that_ended_teaches_again(applicant, now):
    endorsed(applicant, now.date() - 3 * YEAR, now.date() - YEAR)
    page = home(applicant.user, now)
    assert (page.next_step.title, len(page.first_steps)) == ("Log your first training", 5)
