"""Statements written once: the rows are those of the queryset, whoever asks, on each engine and in each thread."""

import datetime
import threading

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.utils import timezone

from competencies.models import Training
from endorsement_portal.prepared import Prepared, PreparedTuples
from members.enums import Role
from members.models import Association, Membership, Person, StaffRole
from tests.factories.competencies import TrainingFactory
from tests.factories.members import AssociationFactory, MembershipFactory, PersonFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


def memberships(person: int, since: datetime.date) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(person=person, starts_on__gte=since)
        .select_related("association", "proof", "person__user")
        .order_by("starts_on", "pk")
    )


def test_rows_carry_what_the_queryset_would(django_assert_num_queries):
    prepared = Prepared(memberships)
    ours, theirs = MembershipFactory(), MembershipFactory()
    MembershipFactory(person=ours.person, starts_on=datetime.date(2001, 1, 1), ends_on=datetime.date(2001, 12, 31))
    since = datetime.date(2010, 1, 1)
    prepared(theirs.person_id, since)
    with django_assert_num_queries(1):
        (row,) = prepared(ours.person_id, since)
        assert (row, row.association.name, row.person.user, row.proof) == (
            ours, ours.association.name, ours.person.user, None,
        )  # fmt: skip
    assert (row._state.db, row._state.adding) == ("default", False)
    assert prepared(ours.person_id, datetime.date(2001, 1, 1)) == list(memberships(ours.person_id, since.min))


def test_annotations_and_public_identities():
    prepared = Prepared(
        lambda uuid: Person.objects.filter(uuid=uuid).annotate(trainings=Count("training")).select_related("user")
    )
    busy, idle = PersonFactory(), PersonFactory()
    TrainingFactory(person=busy)
    TrainingFactory(person=busy)
    assert [(row, row.trainings) for row in prepared(busy.uuid)] == [(busy, 2)]
    assert [(row, row.trainings) for row in prepared(idle.uuid)] == [(idle, 0)]


def test_instants_and_names():
    prepared = Prepared(
        lambda slug, now: StaffRole.objects.active(now).filter(association__slug=slug).select_related("association")
    )
    now = timezone.now()
    begun = now - datetime.timedelta(days=1)
    role = StaffRoleFactory(association=AssociationFactory(slug="us-aa"), role=Role.REVIEWER, starts_at=begun)
    ended = StaffRoleFactory(association=AssociationFactory(slug="us-bb"), starts_at=begun, ends_at=now)
    assert prepared("us-aa", now) == [role]
    assert prepared("us-bb", now) == []
    assert prepared("us-bb", now - datetime.timedelta(seconds=1)) == [ended]
    assert prepared("stand-in 0", now) == []


def test_tuples():
    prepared = PreparedTuples(lambda person: Training.objects.filter(person=person).values_list("key", "minutes"))
    training = TrainingFactory(minutes=90)
    assert prepared(training.person_id) == [(training.key, 90)]
    assert prepared(training.person_id + 1) == []


def test_a_value_that_is_not_used_is_refused():
    with pytest.raises(ValueError, match=r"does not use its values \[1\]"):
        Prepared(lambda code, _unused: Association.objects.filter(code=code))("US-MO", 3)


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_over_its_own_connection():
    prepared = Prepared(lambda pk: Person.objects.filter(pk=pk))
    person = PersonFactory()
    prepared(person.pk)
    found: list[list[Person]] = []

    def ask() -> None:
        found.append(prepared(person.pk))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [[person]]
