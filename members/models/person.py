"""The one identity of anyone we write to: applicant, provider, rater (decision 13)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from endorsement_portal.models import PublicId, Timestamped

if TYPE_CHECKING:
    from members.models.user import User


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: "User") -> "PersonQuerySet":
        """A person sees themself. Staff reach people through the rows of their association, never through here."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def by_email(self, email: str) -> "PersonQuerySet":
        return self.filter(email=normalize_email(email))


def normalize_email(email: str) -> str:
    """Lower case, no surrounding space: compared by equality, so that the unique index serves."""
    return email.strip().lower()


class Person(PublicId, Timestamped):
    name = models.CharField(max_length=200)
    email = models.EmailField(unique=True)
    """Normalized by normalize_email."""
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="America/Chicago")
    residence = models.CharField(max_length=10, blank=True)
    """Country and state, as in an association's code: US-MO."""

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = [word for word in self.name.replace("-", " ").split() if word[:1].isalpha()]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
