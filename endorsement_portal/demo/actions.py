"""What the demo's seed writes."""

from django.contrib.auth.base_user import AbstractBaseUser

from endorsement_portal.demo.models import DemoPerson


def offer(*, user: AbstractBaseUser, name: str, title: str, description: str = "", position: int = 0) -> DemoPerson:
    """Let the sign-in page offer this person; calling it again replaces the words."""
    person, _created = DemoPerson.objects.update_or_create(
        user_id=user.pk, defaults={"name": name, "title": title, "description": description, "position": position}
    )
    return person
