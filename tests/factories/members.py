"""People, associations, memberships and roles."""

import datetime

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.enums import MembershipState, Provenance, Role
from members.models import Association, AssociationSettings, Membership, Person, StaffRole, User

PASSWORD = "a-quiet-river-at-dawn"


class PersonFactory(DjangoModelFactory):
    """`with_user=True` gives the person an account with the same address."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Ada Meadow{number}")
    email = factory.Sequence(lambda number: f"person{number}@example.org")
    user = None

    class Params:
        with_user = factory.Trait(
            user=factory.SubFactory(
                "tests.factories.members.UserFactory", email=factory.SelfAttribute("..email"), person=None
            )
        )


class UserFactory(DjangoModelFactory):
    """An account with a verified address and a person. `person=None` leaves the person out."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"user{number}@example.org")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def verified(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if create and extracted is not False:
            EmailAddress.objects.get_or_create(
                user=self, email=self.email, defaults={"verified": True, "primary": True}
            )

    person = factory.RelatedFactory(PersonFactory, factory_related_name="user", email=factory.SelfAttribute("..email"))


class AssociationFactory(DjangoModelFactory):
    """`portal=True` gives the settings of an association that uses the portal."""

    class Meta:
        model = Association
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda number: f"XX-{number}")
    slug = factory.LazyAttribute(lambda self: self.code.lower())
    name = factory.Sequence(lambda number: f"Association {number}")
    abbreviation = "PR"
    region = "Prairie"
    country = "US"
    evidence = "confirmed"

    @factory.post_generation
    def portal(self, create: bool, extracted: bool, **kwargs: object) -> None:
        if create and extracted:
            AssociationSettings.objects.get_or_create(association=self, defaults=kwargs)


class MembershipFactory(DjangoModelFactory):
    """Confirmed, over the calendar years 2025 to 2027."""

    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    association = factory.SubFactory(AssociationFactory)
    starts_on = datetime.date(2025, 1, 1)
    ends_on = datetime.date(2027, 12, 31)
    state = MembershipState.CONFIRMED
    provenance = Provenance.CONFIRMED_HERE
    decided_at = factory.LazyFunction(timezone.now)

    class Params:
        pending = factory.Trait(state=MembershipState.PENDING, provenance=Provenance.STATED, decided_at=None)


class StaffRoleFactory(DjangoModelFactory):
    class Meta:
        model = StaffRole

    user = factory.SubFactory(UserFactory)
    association = factory.SubFactory(AssociationFactory, portal=True)
    role = Role.COORDINATOR
