"""Awards."""

import datetime
import uuid

import factory
from factory.django import DjangoModelFactory

from competencies.models import Category
from credentials.models import Endorsement
from tests.factories.members import AssociationFactory, PersonFactory


class EndorsementFactory(DjangoModelFactory):
    class Meta:
        model = Endorsement

    person = factory.SubFactory(PersonFactory)
    association = factory.SubFactory(AssociationFactory, portal=True)
    category = factory.LazyFunction(lambda: Category.objects.get(code="IFS"))
    code = factory.Sequence(lambda number: f"TESTCODE{number:04d}")
    decision_uuid = factory.LazyFunction(uuid.uuid4)
    granted_on = datetime.date(2025, 6, 2)
    valid_until = datetime.date(2027, 12, 31)
    holder_name = factory.SelfAttribute("person.name")
    search_name = factory.LazyAttribute(lambda self: self.holder_name.lower())
