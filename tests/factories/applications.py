"""Applications and references, as rows. Journeys build them through actions instead."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.models import Application, Reference
from competencies.models import Category, Edition
from tests.factories.cohorts import EnrolmentFactory
from tests.factories.members import PersonFactory


class ApplicationFactory(DjangoModelFactory):
    """A draft. `submitted=True` sets the status as a submission would, without its snapshot."""

    class Meta:
        model = Application

    enrolment = factory.SubFactory(EnrolmentFactory)
    person = factory.SelfAttribute("enrolment.person")
    association = factory.SelfAttribute("enrolment.cohort.association")
    category = factory.LazyFunction(lambda: Category.objects.get(code="IFS"))
    edition = factory.LazyFunction(lambda: Edition.objects.get(code="iecmh-2025"))
    reference_number = factory.Sequence(lambda number: f"PR-26P-{number:04d}")
    status_since = factory.LazyFunction(timezone.now)

    class Params:
        submitted = factory.Trait(status="submitted", submitted_at=factory.LazyFunction(timezone.now))


class ReferenceFactory(DjangoModelFactory):
    class Meta:
        model = Reference

    application = factory.SubFactory(ApplicationFactory)
    rater = factory.SubFactory(PersonFactory)
    slot = "colleague"
    known_since = datetime.date(2022, 1, 1)
    waived = True
    due_on = datetime.date(2026, 6, 9)
