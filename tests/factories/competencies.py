"""Portfolio entries and standings. Dates lie before the tests' today, 12 May 2026."""

import datetime

import factory
from factory.django import DjangoModelFactory

from competencies.models import (
    Course,
    CourseVersion,
    Education,
    ProfessionalLicense,
    Standing,
    Supervision,
    Training,
    Work,
)
from members.enums import Provenance
from tests.factories.members import AssociationFactory, PersonFactory


class EducationFactory(DjangoModelFactory):
    class Meta:
        model = Education

    person = factory.SubFactory(PersonFactory)
    key = factory.Sequence(lambda number: f"e{number}")
    level = "master"
    field = "Social work"
    institution = "Prairie State University"
    awarded_on = datetime.date(2015, 5, 20)


class ProfessionalLicenseFactory(DjangoModelFactory):
    class Meta:
        model = ProfessionalLicense

    person = factory.SubFactory(PersonFactory)
    key = factory.Sequence(lambda number: f"l{number}")
    license_kind = "mental_health"
    name = "LCSW"
    region = "US-MO"
    starts_on = datetime.date(2016, 1, 1)


class WorkFactory(DjangoModelFactory):
    class Meta:
        model = Work

    person = factory.SubFactory(PersonFactory)
    key = factory.Sequence(lambda number: f"w{number}")
    title = "Home visitor"
    employer = "Willow Creek Family Services"
    starts_on = datetime.date(2019, 1, 1)
    hours_per_week = 40
    paid = True
    supervised = True
    roles = factory.LazyFunction(lambda: ["direct_service"])
    families_served = 25
    ages = factory.LazyFunction(lambda: ["0-36"])


class TrainingFactory(DjangoModelFactory):
    class Meta:
        model = Training

    person = factory.SubFactory(PersonFactory)
    key = factory.Sequence(lambda number: f"t{number}")
    on = factory.Sequence(lambda number: datetime.date(2025, 3, 4) - datetime.timedelta(days=number % 900))
    title = factory.Sequence(lambda number: f"Relationships first, part {number}")
    organizer = "Prairie Rivers Association"
    minutes = 360
    topics = factory.LazyFunction(lambda: ["core"])
    ages = factory.LazyFunction(lambda: ["0-36", "37-71"])
    competencies = factory.LazyFunction(lambda: ["TF.attachment_trauma"])


class SupervisionFactory(DjangoModelFactory):
    """`confirmed=True` gives a session that the provider signed."""

    class Meta:
        model = Supervision

    person = factory.SubFactory(PersonFactory)
    key = factory.Sequence(lambda number: f"s{number}")
    on = factory.Sequence(lambda number: datetime.date(2026, 4, 30) - datetime.timedelta(days=number % 700))
    minutes = 60
    format = "group"
    group_size = 6
    mode = "distance"
    provider = factory.SubFactory(PersonFactory)
    ages = factory.LazyFunction(lambda: ["0-36"])

    class Params:
        confirmed = factory.Trait(state="confirmed", attested_on=datetime.date(2026, 5, 1))


class StandingFactory(DjangoModelFactory):
    class Meta:
        model = Standing

    person = factory.SubFactory(PersonFactory)
    code = "IMHM-C"
    kind = "endorsed"
    starts_on = datetime.date(2018, 1, 1)
    provenance = Provenance.CONFIRMED_HERE


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    association = factory.SubFactory(AssociationFactory, portal=True)
    title = factory.Sequence(lambda number: f"Watching and wondering {number}")
    organizer = "Prairie Rivers Association"


class CourseVersionFactory(DjangoModelFactory):
    """The first version of a course, valid since 2024, unless told otherwise."""

    class Meta:
        model = CourseVersion

    course = factory.SubFactory(CourseFactory)
    number = 1
    valid_from = datetime.date(2024, 1, 1)
    minutes = 180
    topics = factory.LazyFunction(lambda: ["core"])
    topic_minutes = factory.LazyFunction(dict)
    ages = factory.LazyFunction(lambda: ["0-36"])
    competencies = factory.LazyFunction(lambda: ["TF.attachment_trauma", "TF.development"])
