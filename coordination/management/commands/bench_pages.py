"""`manage.py bench_pages FILE`: addresses, session cookies and query counts of the pages that `make bench` drives."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.enums import AssignmentState
from applications.models import Application, ReviewAssignment
from cohorts.models import Thread
from endorsement_portal.web.commands import PortalCommand
from members.models import User

SLUG = "xx-pr"
APPLICANT, COORDINATOR, REVIEWER = "maren.oakhill", "linnea.rivermoss", "petra.lindenau"


class Command(PortalCommand):
    help = "Writes pages.json for the load driver, from a database that seed_demo filled."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only for the demo's data.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        connection.ensure_connection()
        try:
            pages = self.pages()
            cookies = {who: self.cookie(f"{who}@demo.example") for who in (APPLICANT, COORDINATOR, REVIEWER)}
        except ObjectDoesNotExist as error:
            raise CommandError("The demo is not here: run seed_demo first.") from error
        queries = {label: self.count(cookies.get(who, ""), path) for label, (who, path) in pages.items()}
        made = {"n": Application.objects.count(), "cookies": cookies, "pages": pages, "queries": queries}
        file.write_text(json.dumps(made, indent=1))

    def cookie(self, email: str) -> str:
        user = User.objects.get(email=email)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def pages(self) -> dict[str, tuple[str, str]]:
        mine = Application.objects.get(person__email=f"{APPLICANT}@demo.example")
        waiting = ReviewAssignment.objects.filter(state=AssignmentState.ASSIGNED)
        read = waiting.filter(reviewer__email=f"{REVIEWER}@demo.example").latest("pk")
        thread = Thread.objects.filter(cohort=mine.enrolment.cohort).order_by("pk").first()
        assert thread is not None
        return {
            "queue": (COORDINATOR, reverse("coordination:applications", args=[SLUG])),
            "review list": (REVIEWER, reverse("reviews:queue")),
            "one application": (COORDINATOR, reverse("coordination:application", args=[SLUG, read.application.uuid])),
            "home": (APPLICANT, reverse("home")),
            "hub": (APPLICANT, reverse("applications:hub", args=[mine.uuid])),
            "portfolio": (APPLICANT, reverse("portfolio:overview")),
            "evidence": (APPLICANT, reverse("portfolio:list", args=["training"])),
            "discussion": (APPLICANT, reverse("cohorts:threads", args=[thread.cohort.uuid])),
            "registry": ("", reverse("credentials:registry")),
        }

    def count(self, cookie: str, path: str) -> int:
        """Queries of the second request: the first warms what is kept in the process."""
        client = Client(SERVER_NAME="localhost")
        if cookie:
            name, _, value = cookie.partition("=")
            client.cookies[name] = value
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        if response.status_code != 200:
            raise CommandError(f"{path} answered {response.status_code}")
        return len(
            [query for query in queries.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        )
