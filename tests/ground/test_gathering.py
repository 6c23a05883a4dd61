"""Several tables in one round trip, with the same types on each engine."""

import datetime
import json

import pytest

from competencies.models import Training
from endorsement_portal.gathering import Gathering, Sources, day, flag, identity, identity_text, instant, nested
from members.models import Membership, Person
from tests.factories.competencies import TrainingFactory
from tests.factories.members import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def everything(person: int) -> Sources:
    return {
        "people": (Person.objects.filter(pk=person), ("uuid", "name", "created_at")),
        "members": (Membership.objects.filter(person=person), ("starts_on", "association__name", "proof_id")),
        "training": (Training.objects.filter(person=person).order_by("-pk"), ("key", "accepted", "topics")),
        "nothing": (Training.objects.none(), ("key",)),
    }


def test_gathering(django_assert_num_queries):
    gathering = Gathering(everything)
    person = PersonFactory(name="Zoë “quoted” 'Q'")
    membership = MembershipFactory(person=person)
    trainings = [TrainingFactory(person=person) for _ in range(3)]
    with django_assert_num_queries(1):
        rows = gathering(person.pk)
    (shown,) = rows["people"]
    assert (identity(shown["uuid"]), shown["name"]) == (person.uuid, "Zoë “quoted” 'Q'")
    assert instant(shown["created_at"]) == person.created_at
    (held,) = rows["members"]
    assert (day(held["starts_on"]), held["association_name"], held["proof_id"]) == (
        membership.starts_on, membership.association.name, None,
    )  # fmt: skip
    assert [(row["key"], flag(row["accepted"]), nested(row["topics"])) for row in rows["training"]] == [
        (training.key, True, ["core"]) for training in trainings
    ]
    assert rows["nothing"] == []


def test_the_second_call_asks_for_the_second_person():
    gathering = Gathering(everything)
    first, second = PersonFactory(name="First"), PersonFactory(name="Second")
    TrainingFactory(person=second, key="hers")
    assert [row["name"] for row in gathering(first.pk)["people"]] == ["First"]
    rows = gathering(second.pk)
    assert ([row["name"] for row in rows["people"]], [row["key"] for row in rows["training"]]) == (["Second"], ["hers"])


def test_gathering_of_one_source():
    TrainingFactory(key="only")
    gathering = Gathering(lambda: {"training": (Training.objects.all(), ("key",))})
    assert gathering() == {"training": [{"key": "only"}]}


def test_readers():
    noon = datetime.datetime(2026, 5, 12, 17, 0, tzinfo=datetime.UTC)
    assert instant("2026-05-12 17:00:00") == instant("2026-05-12T12:00:00-05:00") == noon
    assert (instant(None), day(None), day("")) == (None, None, None)
    assert day("2026-05-12T23:59:59") == datetime.date(2026, 5, 12)
    assert (flag(None), flag(0), flag(1), flag(True)) == (None, False, True, True)
    dashed = "00000000-0000-4000-8000-0000000000ff"
    assert identity_text(dashed) == identity_text(dashed.replace("-", "")) == dashed
    assert nested(["a"]) == nested(json.dumps(["a"])) == ["a"]
