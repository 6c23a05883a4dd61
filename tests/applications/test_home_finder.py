"""Whoever answered the finder before signing up is not sent back to it."""

import pytest
from django.urls import reverse

from competencies import finder
from tests.factories.competencies import TrainingFactory

pytestmark = pytest.mark.django_db

ANSWERS = {key: next(iter(choices)).value for key, choices in finder.QUESTIONS.items()}


def next_step(client) -> str:
    return client.get(reverse("home")).context["page"].next_step.title


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "Find the category that fits you"),
        (dict([*ANSWERS.items()][:-1]), "Find the category that fits you"),
        (ANSWERS, "Add your membership"),
    ],
)
def test_the_finder_is_one_step_and_then_done(client, applicant, answers, expected):
    TrainingFactory(person=applicant)
    client.force_login(applicant.user)
    session = client.session
    session["finder"] = answers
    session.save()
    assert next_step(client) == expected
