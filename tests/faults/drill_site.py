"""A site of the restore drill, in a process of its own: `python -m tests.faults.drill_site seed|visit`.

`seed` migrates, loads the standards and builds the small world; `visit` signs in and downloads. Both print JSON.
"""

import io
import json
import os
import sys

PASSWORD = "a-quiet-river-at-dawn"


def seed() -> dict[str, object]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_standards", verbosity=0, stdout=io.StringIO())
    from tests.house.world import build

    house = build()
    user = house.owner.user
    user.set_password(PASSWORD)
    user.save()
    return {"email": user.email, "evidence": str(house.evidence.uuid), "sha256": house.evidence.file.sha256}


def visit(email: str, evidence: str) -> dict[str, object]:
    import hashlib

    from django.test import Client
    from django.urls import reverse

    client = Client(SERVER_NAME="localhost")
    signed_in = client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    home = client.get(reverse("home"))
    download = client.get(reverse("portfolio:evidence", args=[evidence]))
    return {
        "signed_in": signed_in.status_code,
        "home": home.status_code,
        "download": hashlib.sha256(download.getvalue()).hexdigest(),
        "written_after": _write_after(email),
    }


def _write_after(email: str) -> bool:
    """New rows find free numbers: sequences stand behind the restored rows."""
    from members.models import User

    highest = User.objects.order_by("-pk").values_list("pk", flat=True)[0]
    made = User.objects.create_user(f"after.{email}")
    return made.pk > highest


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endorsement_portal.settings.development")
    import django

    django.setup()
    what, *arguments = sys.argv[1:]
    sys.stdout.write(json.dumps({"seed": seed, "visit": visit}[what](*arguments)) + "\n")


if __name__ == "__main__":
    main()
