"""A small world with one of everything, made by the real actions, for the access matrix and the page sweeps."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications.actions import rule_changes
from applications.enums import Outcome, ReviewRecommendation
from applications.models import Application, Decision, Packet, Reference, RuleChange
from cohorts.actions import discussion
from cohorts.actions.enrolment import reserve
from cohorts.models import Cohort, Post
from competencies.actions import exporting, log_imports, rosters
from competencies.enums import EntryKind
from competencies.log_import.columns import guess
from competencies.log_import.fields import FIELDS
from competencies.models import Course, Evidence, Export, LogImport, Roster, Standing, Training
from competencies.queries.log_imports import table_for
from coordination.seeding import courses, demo
from coordination.seeding.portfolios import paper
from coordination.seeding.stories import Stage, account, user_of
from coordination.seeding.world import World
from credentials.models import Endorsement
from endorsement_portal.files import previews
from endorsement_portal.files.intake import receive
from endorsement_portal.outbox.actions.delivery import deliver_due
from endorsement_portal.outbox.models import InAppMessage, OutgoingMessage
from members.actions import memberships
from members.enums import Role
from members.models import Association, Membership, Person, User
from tests.module_database import rolled_back_at_the_end


@dataclass
class House:
    """Rows that the tests name in addresses."""

    home: Association
    away: Association
    stage: Stage
    cohort: Cohort
    away_cohort: Cohort
    owner: Person
    peer: Person
    stranger: Person
    coordinator: User
    other_coordinator: User
    reviewer: User
    other_reviewer: User
    operator: User
    editor: User
    """Editor of rules here, and nothing else."""
    application: Application
    draft: Application
    reference: Reference
    asked: Reference
    """Not answered yet."""
    decision: Decision
    endorsement: Endorsement
    membership: Membership
    post: Post
    training: Training
    evidence: Evidence
    standing: Standing
    course: Course
    roster: Roster
    log_import: LogImport
    """A file that waits for its person."""
    export: Export
    packet: Packet
    message: OutgoingMessage
    in_app: InAppMessage
    change: RuleChange


@contextmanager
def standing(django_db_blocker: Any) -> Iterator[House]:
    """The world for a whole module of tests, rolled back at its end. Each test works on a savepoint of its own and on
    a copy of the rows (`copy.deepcopy`)."""
    with rolled_back_at_the_end(django_db_blocker):
        yield build()


def second_factor(*users: User) -> None:
    """Staff have one, as the product demands."""
    for user in users:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "not-used-here"})


def build() -> House:
    world = World(today=timezone.localdate(), seed=3)
    home = demo.association("XX-PR", "Prairie Rivers Association", "PR", "Prairie")
    away = demo.association("XX-HL", "Harbor Lights Association", "HL", "Harbor")
    coordinator = demo.staff_of(world, home, "Linnea Rivermoss", Role.COORDINATOR)
    reviewer = demo.staff_of(world, home, "Petra Lindenau", Role.REVIEWER)
    other_reviewer = demo.staff_of(world, home, "Ruben Larkspur", Role.REVIEWER)
    other_coordinator = demo.staff_of(world, away, "Odile Harborfield", Role.COORDINATOR)
    operator = user_of(account("Olin Gatewright"))
    User.objects.filter(pk=operator.pk).update(is_staff=True, is_superuser=True)
    editor = demo.staff_of(world, home, "Edda Rulesmith", Role.STANDARDS_EDITOR)
    second_factor(coordinator, reviewer, other_reviewer, other_coordinator, operator, editor)
    raters = demo.raters(world, home, coordinator)
    current = demo.quarter(world, home, coordinator, 0)
    away_cohort = demo.quarter(world, away, other_coordinator, 0)
    stage = Stage(world=world, association=home, coordinator=coordinator, reviewer=reviewer, raters=raters)

    application = demo.ready(stage, current, "Samir Birchwell", "IFS", "", "")
    stage.submit(application, days=-12)
    stage.assign(application, days=-10)
    stage.write(application, coordinator, "How are you getting on?", days=-9)
    draft = demo.ready(stage, current, "Tomas Wrenfield", "IFA", "", "")
    judged = demo.ready(stage, current, "Esperanza Hazelgate", "ECFS", "", "")
    stage.submit(judged, days=-18)
    stage.assign(judged, days=-14)
    stage.review(judged, ReviewRecommendation.ENDORSE, days=-6)
    stage.decide(judged, Outcome.ENDORSED, days=-5, release=False)
    awarded = demo.award(stage, current, "Greta Larkspur", "IFS", "", "")
    demo.gathering(stage, current)
    stranger = account("Xenia Harborne")
    with world.at(-40):
        reserve(cohort=away_cohort, person=stranger, by=user_of(stranger))

    owner = application.person
    course = courses.shelf(world, home, coordinator, number=1)[0]
    proof = receive(paper("Membership", owner.name), by=user_of(owner))
    membership = memberships.add(
        person=owner, by=user_of(owner), association=home, starts_on=world.day(421), ends_on=world.day(700), proof=proof
    )  # fmt: skip
    thread = discussion.start_thread(
        cohort=current, by=user_of(owner), title="Short trainings", body="One line for each?"
    )
    evidence = Evidence.objects.filter(person=owner).select_related("file").first()
    previews.draw(str(evidence.file.uuid))
    return House(
        home=home, away=away, stage=stage, cohort=current, away_cohort=away_cohort, owner=owner, peer=draft.person,
        stranger=stranger, coordinator=coordinator, other_coordinator=other_coordinator, reviewer=reviewer,
        other_reviewer=other_reviewer, operator=User.objects.get(pk=operator.pk), application=application, draft=draft,
        asked=Reference.objects.filter(state="asked").order_by("id").first(),
        reference=application.references.order_by("id").first(), decision=decisions_waiting(judged),
        endorsement=Endorsement.objects.get(person=awarded.person), membership=membership,
        post=Post.objects.get(thread=thread), training=Training.objects.filter(person=owner).first(),
        evidence=evidence, standing=Standing.objects.first(),
        course=course,
        log_import=waiting_log(owner), roster=waiting_roster(course, coordinator, world.today),
        export=own_data_of(owner),
        packet=Packet.objects.filter(submission__application=application, kind="applicant").get(),
        message=OutgoingMessage.objects.filter(scope=home.code).first(),
        in_app=in_app_of(owner), editor=editor,
        change=rule_changes.propose_settings(association=home, data={"max_group_size": 8}, by=editor),
    )  # fmt: skip


def waiting_log(person: Person) -> LogImport:
    """One row that could be imported and one that could not."""
    file = SimpleUploadedFile("log.csv", b"Date,Course,Hours\n2025-03-04,Play,2\nsoon,Rest,2\n")
    made = log_imports.upload(person=person, by=user_of(person), kind=EntryKind.TRAINING, file=file)
    columns = guess(FIELDS[EntryKind.TRAINING], table_for(made))
    return log_imports.say_columns(log_import=made, by=user_of(person), columns=columns)


def waiting_roster(course: Course, by: User, on: datetime.date) -> Roster:
    file = SimpleUploadedFile("list.csv", b"Email,Name\nnobody@example.org,Nora New\nnone,Nils None\n")
    return rosters.upload(course=course, on=on, file=file, by=by)


def own_data_of(person: Person) -> Export:
    """A ZIP that is ready."""
    export = exporting.ask(person=person, by=user_of(person))
    exporting.run(export_uuid=export.uuid)
    return Export.objects.get(pk=export.pk)


def decisions_waiting(application: Application) -> Decision:
    return application.decisions.get(released_at__isnull=True)


def in_app_of(person: Person) -> InAppMessage:
    """A delivered message's copy in the portal."""
    deliver_due()
    return InAppMessage.objects.filter(user=person.user).exclude(link="").latest("pk")
