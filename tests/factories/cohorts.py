"""Quarters, seats and talk. Spring 2026 is open for enrollment on the tests' today, 12 May 2026."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cohorts.models import Cohort, Enrolment, Post, Thread
from tests.factories.members import AssociationFactory, PersonFactory, UserFactory


class CohortFactory(DjangoModelFactory):
    class Meta:
        model = Cohort

    association = factory.SubFactory(AssociationFactory, portal=True)
    name = factory.Sequence(lambda number: f"Spring 2026 ({number})")
    year = 2026
    season = "spring"
    time_zone = "America/Chicago"
    opens_at = datetime.datetime(2026, 3, 2, 15, 0, tzinfo=datetime.UTC)
    closes_at = datetime.datetime(2026, 5, 29, 22, 0, tzinfo=datetime.UTC)
    submission_deadline_at = datetime.datetime(2026, 6, 26, 22, 0, 0, tzinfo=datetime.UTC)
    deadline_wall_time = "2026-06-26 17:00:00 America/Chicago"
    review_ends_on = datetime.date(2026, 9, 18)
    capacity = 14
    published_at = datetime.datetime(2026, 2, 1, 15, 0, tzinfo=datetime.UTC)


class EnrolmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrolment

    cohort = factory.SubFactory(CohortFactory)
    person = factory.SubFactory(PersonFactory, with_user=True)
    seated_at = datetime.datetime(2026, 3, 10, 15, 0, tzinfo=datetime.UTC)


class ThreadFactory(DjangoModelFactory):
    class Meta:
        model = Thread

    cohort = factory.SubFactory(CohortFactory)
    author = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda number: f"How do you write about your work? {number}")
    last_post_at = factory.LazyFunction(timezone.now)
    post_count = 1


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    thread = factory.SubFactory(ThreadFactory)
    author = factory.SubFactory(UserFactory)
    body = "I keep a small notebook."
    html = "<p>I keep a small notebook.</p>"
