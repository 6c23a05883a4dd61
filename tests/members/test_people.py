"""Persons and accounts: tied only when the address is proved."""

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed
from django.contrib.auth.models import AnonymousUser

from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.web.models import FormDraft
from endorsement_portal.workflow import NotAllowed
from members import queries
from members.actions import people
from members.models import Person
from tests.factories.members import PersonFactory, StaffRoleFactory, UserFactory

pytestmark = pytest.mark.django_db


def account(email="ada@example.org", verified=True):
    return UserFactory(email=email, person=None, verified=verified)


def verbs():
    return list(
        AuditEvent.objects.filter(object_type__startswith="members.").order_by("id").values_list("verb", flat=True)
    )


def test_a_new_account_gets_a_person_with_the_name_given_at_sign_up():
    user = account()
    people.keep_name(user, "Ada Meadow")
    assert queries.find_person(user) is None
    person = people.ensure_person(user)
    assert (person.name, person.email, person.user) == ("Ada Meadow", "ada@example.org", user)
    assert FormDraft.objects.count() == 0
    assert verbs() == ["person.created"]
    assert people.ensure_person(user) == person
    assert verbs() == ["person.created"]


def test_without_a_name_the_address_helps_out():
    assert people.ensure_person(account()).name == "ada"


def test_somebody_we_wrote_to_before_keeps_their_row_and_name():
    rater = people.find_or_create(email=" ADA@example.org ", name="Dr. Ada Meadow")
    user = account()
    people.keep_name(user, "Ada")
    person = people.ensure_person(user)
    assert (person.pk, person.name, person.user) == (rater.pk, "Dr. Ada Meadow", user)
    assert verbs() == ["person.linked"]


def test_an_unproved_address_takes_over_nobody():
    rater = PersonFactory(email="ada@example.org")
    with pytest.raises(NotAllowed) as refused:
        people.ensure_person(account(verified=False))
    assert refused.value.findings[0].requirement == "address_not_verified"
    rater.refresh_from_db()
    assert rater.user is None


def test_a_person_of_another_account_is_not_taken_over():
    PersonFactory(email="ada@example.org", user=UserFactory(email="other@example.org", person=None))
    with pytest.raises(NotAllowed) as refused:
        people.ensure_person(account())
    assert refused.value.findings[0].requirement == "address_taken"


def test_of_two_racers_one_ties_the_person(monkeypatch):
    """Between looking and writing somebody else tied it: we look again instead of writing over it."""
    rater = PersonFactory(email="ada@example.org")
    user = account()
    real = Person.objects.filter

    def racing(*arguments, **options):
        if options.get("user__isnull"):
            monkeypatch.setattr(Person.objects, "filter", real)
            Person.objects.filter(pk=rater.pk).update(user=user)
        return real(*arguments, **options)

    monkeypatch.setattr(Person.objects, "filter", racing)
    assert people.ensure_person(user).pk == rater.pk


def test_find_or_create_is_one_person_for_one_address():
    first = people.find_or_create(email="Ben@Example.org", name="Ben\r\nOak")
    assert (first.name, first.email) == ("Ben Oak", "ben@example.org")
    assert people.find_or_create(email="ben@example.org", name="Somebody") == first
    assert people.find_or_create(email="carl@example.org", name=" ").name == "carl"


def test_the_person_follows_the_account_to_a_new_address():
    user = UserFactory(email="old@example.org")
    people.follow_address(user, "New@example.org")
    assert queries.person_of(user).email == "new@example.org"
    people.follow_address(user, "new@example.org")
    assert verbs() == ["person.address_changed"]


def test_an_address_that_belongs_to_another_person_is_not_taken():
    user = UserFactory(email="old@example.org")
    PersonFactory(email="new@example.org")
    people.follow_address(user, "new@example.org")
    assert queries.person_of(user).email == "old@example.org"
    assert verbs() == ["person.address_not_changed"]


def test_an_account_without_a_person_has_nobody_to_move():
    people.follow_address(account(), "new@example.org")
    assert verbs() == []


def test_change_profile():
    person = PersonFactory(with_user=True)
    people.change_profile(
        person=person, by=person.user, name=" Ada  Oak ", language="es", time_zone="America/Denver", residence="US-CO"
    )
    person.refresh_from_db()
    assert (person.name, person.language, person.time_zone, person.residence) == (
        "Ada Oak", "es", "America/Denver", "US-CO",
    )  # fmt: skip
    assert verbs() == ["person.changed"]


# --- Signals --------------------------------------------------------------------------------------------------------
def test_proving_the_address_ties_the_person():
    user = account()
    email_confirmed.send(sender=EmailAddress, request=None, email_address=EmailAddress.objects.get(user=user))
    assert queries.person_of(user).email == "ada@example.org"


def test_proving_a_second_address_changes_nothing():
    user = account()
    second = EmailAddress.objects.create(user=user, email="second@example.org", verified=True)
    email_confirmed.send(sender=EmailAddress, request=None, email_address=second)
    assert queries.find_person(user) is None


def test_changing_the_address_moves_the_person():
    user = UserFactory(email="old@example.org")
    new = EmailAddress(user=user, email="new@example.org", verified=True)
    email_changed.send(sender=type(user), request=None, user=user, from_email_address=None, to_email_address=new)
    assert queries.person_of(user).email == "new@example.org"


def test_signing_in_makes_the_person_of_an_account_made_by_a_command(client):
    user = account(verified=False)
    client.force_login(user)
    assert queries.person_of(user).name == "ada"


def test_signing_in_without_a_person_is_no_error_but_pages_ask_for_one(client):
    PersonFactory(email="ada@example.org")
    user = account(verified=False)
    client.force_login(user)
    with pytest.raises(NotAllowed, match="no confirmed email address"):
        queries.person_of(user)
    assert client.get("/me/").status_code == 409


# --- Queries --------------------------------------------------------------------------------------------------------
def test_recipients():
    person = PersonFactory(with_user=True, language="es")
    found = queries.recipient(person)
    assert (found.email, found.name, found.user, found.language) == (person.email, person.name, person.user, "es")
    assert queries.staff_recipient(person.user) == found
    bare = account("bare@example.org")
    assert queries.staff_recipient(bare).email == "bare@example.org"


def test_staff_of_and_staff_associations(association, other_association, coordinator, reviewer):
    StaffRoleFactory(user=coordinator, association=other_association, role="reviewer")
    StaffRoleFactory(user=coordinator, association=association, role="reviewer")
    gone = StaffRoleFactory(user=UserFactory(is_active=False), association=association, role="reviewer").user
    assert queries.staff_associations(coordinator) == [other_association, association]
    assert set(queries.staff_of(association, "reviewer")) == {coordinator, reviewer}
    assert gone not in queries.staff_of(association, "reviewer")
    assert queries.staff_associations(gone) == [association]


def test_zones(association):
    assert queries.zone_of(association) == "America/Chicago"
    from tests.factories.members import AssociationFactory

    assert queries.zone_of(AssociationFactory(code="XX-NO")) == "UTC"


def test_nobody_sees_persons_without_an_account():
    assert list(Person.objects.visible_to(AnonymousUser())) == []
