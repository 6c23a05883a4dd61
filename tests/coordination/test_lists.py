"""Every list asks the database the same number of questions for 1 row and for 30, and never more than its limit."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.enums import Outcome, Status
from applications.models import Decision, DecisionTask, Message, ReviewAssignment, Submission
from cohorts.models import PostReport
from credentials.models import EndorsementEvent
from endorsement_portal.audit.actions import record
from endorsement_portal.outbox.actions import post
from endorsement_portal.outbox.recipients import Recipient
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory, PostFactory, ThreadFactory
from tests.factories.competencies import StandingFactory, SupervisionFactory
from tests.factories.credentials import EndorsementFactory
from tests.factories.members import MembershipFactory, PersonFactory
from tests.house.world import second_factor

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 12)


class Filler:
    """Adds rows of one kind to one association, each with its own people."""

    def __init__(self, association, coordinator, reviewer):
        self.association, self.coordinator, self.reviewer = association, coordinator, reviewer
        self.cohort = CohortFactory(association=association)
        self.seen = 0

    def seat(self):
        return EnrolmentFactory(cohort=self.cohort)

    def application(self, status=Status.DRAFT):
        sent = None if status == Status.DRAFT else timezone.now()
        return ApplicationFactory(enrolment=self.seat(), status=status, submitted_at=sent)

    def endorsement(self, **values):
        row = EndorsementFactory(association=self.association, **values)
        EndorsementEvent.objects.create(
            endorsement=row, kind="granted", on=row.granted_on, valid_until=row.valid_until, at=timezone.now()
        )

    def cohorts(self):
        CohortFactory(association=self.association)

    def applications(self):
        self.application()

    def memberships(self):
        MembershipFactory(association=self.association, pending=True, person=self.seat().person)

    def references(self):
        ReferenceFactory(application=self.application())

    def supervision(self):
        session = SupervisionFactory(person=self.seat().person)
        StandingFactory(person=session.provider)

    def reviews(self):
        application = self.application(Status.UNDER_REVIEW)
        Submission.objects.create(
            application=application, number=1, snapshot="{}", snapshot_sha256="0", submitted_at=timezone.now(),
            submitted_by=self.coordinator,
        )  # fmt: skip
        ReviewAssignment.objects.create(
            application=application, submission_number=1, reviewer=self.reviewer, assigned_by=self.coordinator,
            due_on=DAY,
        )  # fmt: skip

    def decisions(self):
        application = self.application(Status.REVIEWED)
        decision = Decision.objects.create(
            application=application, outcome=Outcome.DEFERRED, recorded_by=self.coordinator, recorded_at=timezone.now()
        )
        DecisionTask.objects.create(decision=decision, text="One more training.")
        self.application(Status.REVIEWED)

    def registry(self):
        self.endorsement()

    def outbox(self):
        self.seen += 1
        post(
            key=f"list:{self.seen}", kind="message", template="message", context={},
            to=Recipient(f"a{self.seen}@example.org", "Ada"), scope=self.association.code,
        )  # fmt: skip

    def audit(self):
        record(verb="cohort.created", obj=self.cohort, by=self.coordinator, chain=self.association.code)

    def today(self):
        self.memberships()
        self.reviews()
        self.decisions()
        self.outbox()
        ReferenceFactory(application=self.application(Status.SUBMITTED), state="bounced")
        Message.objects.create(
            application=self.application(), author=self.seat().person.user, from_staff=False, body="Hello?",
            at=timezone.now(),
        )  # fmt: skip
        found = PostFactory(thread=ThreadFactory(cohort=self.cohort))
        PostReport.objects.create(post=found, reporter=self.seat().person.user, reason="A family.")

    def cohort_page(self):
        self.application()

    def people(self):
        self.seat()

    def person(self):
        self.one = getattr(self, "one", None) or PersonFactory()
        MembershipFactory(association=self.association, person=self.one)
        self.endorsement(person=self.one)
        StandingFactory(person=self.one)


LISTS = {
    "coordination:today": ("today", 20),
    "coordination:cohorts": ("cohorts", 10),
    "coordination:cohort": ("cohort_page", 11),
    "coordination:people": ("people", 10),
    "coordination:person": ("person", 12),
    "coordination:applications": ("applications", 10),
    "coordination:memberships": ("memberships", 10),
    "coordination:references": ("references", 10),
    "coordination:supervision": ("supervision", 10),
    "coordination:reviews": ("reviews", 10),
    "coordination:decisions": ("decisions", 10),
    "coordination:registry": ("registry", 10),
    "coordination:outbox": ("outbox", 10),
    "coordination:audit": ("audit", 10),
    "reviews:queue": ("reviews", 12),
}
"""Address, what fills it, and the most queries it may need."""


def measured(client, address):
    """The second request: the first warms what the process keeps."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    asked = [
        query["sql"] for query in queries.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    return asked, response


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_with_1_row_and_with_30(name, association, coordinator, reviewer):
    second_factor(coordinator, reviewer)
    fill, limit = LISTS[name]
    filler = Filler(association, coordinator, reviewer)
    client = Client()
    client.force_login(reviewer if name == "reviews:queue" else coordinator)
    getattr(filler, fill)()
    more = {"coordination:cohort": lambda: [filler.cohort.uuid], "coordination:person": lambda: [filler.one.uuid]}
    args = [] if name == "reviews:queue" else [association.slug, *more.get(name, list)()]
    address = reverse(name, args=args)
    few, _ = measured(client, address)
    for _ in range(29):
        getattr(filler, fill)()
    many, _ = measured(client, address)
    assert (len(few), "\n".join(many)) == (len(many), "\n".join(many))
    assert len(many) <= limit


def test_the_queue_of_applications_is_light(association, coordinator, reviewer):
    second_factor(coordinator)
    filler = Filler(association, coordinator, reviewer)
    for _ in range(30):
        filler.applications()
    client = Client()
    client.force_login(coordinator)
    asked, response = measured(client, reverse("coordination:applications", args=[association.slug]))
    assert response.content.decode().count("<tr>") == 26
    assert len(response.content) <= 40 * 1024
    assert len(asked) <= 10
