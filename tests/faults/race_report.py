"""Run in its own process beside the server: `prepare` makes an application ready to send, `report` counts what came of
it.

Prints one line of JSON.
"""

import datetime
import json
import os
import sys

import django


def prepare() -> dict[str, str]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    from tests.factories.cohorts import CohortFactory
    from tests.factories.journeys import ready_application
    from tests.factories.members import AssociationFactory

    call_command("migrate", verbosity=0)
    call_command("load_standards", verbosity=0)
    association = AssociationFactory(code="XX-PR", name="Prairie Rivers Association", portal=True)
    now, day = timezone.now(), datetime.timedelta(days=1)
    cohort = CohortFactory(
        association=association,
        opens_at=now - 30 * day,
        closes_at=now + 5 * day,
        submission_deadline_at=now + 20 * day,
        review_ends_on=(now + 60 * day).date(),
    )
    application = ready_application(association=association, cohort=cohort)
    user = application.person.user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"uuid": str(application.uuid), "session": session.session_key, "name": application.person.name}


def report() -> dict[str, object]:
    from applications.models import Application, Packet, StatusChange, Submission
    from endorsement_portal.outbox.models import OutgoingMessage

    application = Application.objects.get()
    return {
        "status": application.status,
        "version": application.version,
        "changes": StatusChange.objects.count(),
        "submissions": Submission.objects.count(),
        "packets": Packet.objects.count(),
        "mails": OutgoingMessage.objects.filter(key__startswith="submit:").count(),
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.race_settings"
    django.setup()
    sys.stdout.write(json.dumps({"prepare": prepare, "report": report}[sys.argv[1]]()) + "\n")
