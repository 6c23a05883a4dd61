"""The applicant's pages of one application, each as one frozen object. Staff's page-shaped reads are imported at the
end."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from applications import places, progress, timeline, workflow
from applications.enums import Action, Actor, PacketKind, ReferenceState, Section, Status, TextKind
from applications.facts import ApplicationFacts, ReferenceFacts
from applications.models import (
    Application,
    ChangeRequest,
    DecisionTask,
    LegalText,
    Packet,
    Signature,
    Submission,
)
from applications.queries.dossier import application_dossier
from applications.queries.facts import application_facts, with_related
from applications.queries.reviews import review_sheet
from applications.queries.texts import text_in_force
from cohorts.models import Enrolment
from competencies.models import Category
from competencies.queries.standards import category_spec
from endorsement_portal.prepared import Prepared
from members.models import User

__all__ = ["application_dossier", "review_sheet"]


def own_application(user: User, uuid: UUID) -> Application:
    """The applicant's own, with everything a page reads from it. Raises Http404 for anybody else's."""
    rows = _own(user.pk, uuid) if user.is_authenticated else []
    if not rows:
        raise Http404
    (row,) = rows
    row.person.user = user  # the page's head names the same person: not asked twice
    return row


@Prepared
def _own(user: int, uuid: UUID) -> QuerySet[Application]:
    return with_related(Application.objects.visible_to(User(pk=user)).filter(uuid=uuid))


# --- The list -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ApplicationsPage:
    open: tuple[Application, ...]
    past: tuple[Application, ...]
    seats: tuple[Enrolment, ...]
    """Seats on which an application can begin."""


def applications_page(user: User, now: datetime.datetime) -> ApplicationsPage:
    rows = list(Application.objects.visible_to(user).select_related("category__license", "enrolment__cohort"))
    seats = (
        Enrolment.objects.visible_to(user)
        .seated()
        .filter(cohort__submission_deadline_at__gte=now.replace(microsecond=0))
        .select_related("cohort__association")
        .order_by("cohort__submission_deadline_at")
    )
    finals = {Status(row.status) for row in rows} - set(_open_statuses())
    return ApplicationsPage(
        open=tuple(row for row in rows if row.status not in finals),
        past=tuple(row for row in rows if row.status in finals),
        seats=tuple(seats),
    )


def _open_statuses() -> tuple[Status, ...]:
    return tuple(status for status in Status if any(step.source == status for step in workflow.MACHINE.transitions))


def own_enrolment(user: User, uuid: UUID) -> Enrolment:
    row = (
        Enrolment.objects.visible_to(user)
        .select_related("cohort__association__settings", "person__user")
        .filter(uuid=uuid)
        .first()
    )
    if row is None:
        raise Http404
    return row


def startable_categories(enrolment: Enrolment) -> list[Category]:
    """What this association takes applications for, in the order of the licenses. Superseded ones are not offered."""
    offered = enrolment.cohort.association.offers_licenses
    rows = (
        Category.objects.open_to_applications()
        .select_related("license")
        .order_by("license__age_min_months", "position")
    )
    return [row for row in rows if offered is None or row.license_id in offered]


# --- The hub --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HubRow:
    task: progress.Task
    href: str
    kind: str
    """The state's color and icon: met, waiting, short, progress or idle."""
    id: str


KINDS = {
    "not_started": "idle",
    "in_progress": "progress",
    "waiting": "waiting",
    "needs_changes": "short",
    "complete": "met",
    "optional": "idle",
}


@dataclass(frozen=True, slots=True)
class RaterRow:
    reference: ReferenceFacts
    kind: str
    label: str
    slot: str


@dataclass(frozen=True, slots=True)
class HubPage:
    application: Application
    facts: ApplicationFacts
    sections: tuple[tuple[Section, tuple[HubRow, ...]], ...]
    count: progress.Count
    raters: tuple[RaterRow, ...]
    editable: bool
    steps: tuple[timeline.Step, ...]
    who_acts: str
    may_withdraw: bool
    submissions: int
    decision_message: str

    @property
    def deadline(self) -> datetime.datetime:
        return self.application.enrolment.cohort.submission_deadline_at


EDITABLE = (Status.DRAFT, Status.CHANGES_REQUESTED, Status.DEFERRED)


def hub_page(application: Application, now: datetime.datetime) -> HubPage:
    facts = application_facts(application, now)
    journey = facts.application
    assert journey is not None
    status = Status(application.status)
    rows = progress.tasks(facts)
    find = places.addresses(application.uuid, application.category.slug)
    sections = tuple(
        (section, tuple(hub_row(task, find, application.uuid) for task in rows if task.section == section))
        for section in Section
    )
    history = [] if status == Status.DRAFT else list(application.status_changes.all())
    changes = [timeline.Change(row.source, row.target, row.at, row.reason) for row in history]
    return HubPage(
        application=application,
        facts=facts,
        sections=tuple((section, found) for section, found in sections if found),
        count=progress.count(rows),
        raters=tuple(rater_row(reference) for reference in journey.references if is_current(reference)),
        editable=status in EDITABLE,
        steps=timeline.steps(status, changes, review_ends_on=journey.cohort.review_ends_on),
        who_acts=timeline.WHO_ACTS[status](),
        may_withdraw=workflow.MACHINE.permits(action=Action.WITHDRAW, source=status, actor=Actor.APPLICANT),
        submissions=journey.submissions,
        decision_message=released_message(application) if status not in (Status.DRAFT, Status.SUBMITTED) else "",
    )


def released_message(application: Application) -> str:
    """The association's words with the last released decision."""
    row = application.decisions.filter(released_at__isnull=False).order_by("-released_at").first()
    return row.message if row else ""


def hub_row(task: progress.Task, find: Callable[[str], str], uuid: UUID) -> HubRow:
    where = task.where
    href = (
        reverse("applications:answer_change", args=[uuid, where.removeprefix("task:")])
        if where.startswith("task:")
        else find(where)
    )
    return HubRow(
        task=task, href=href, kind=KINDS[task.state], id=f"task-{task.key}".replace(".", "-").replace(":", "-")
    )


RATER_KINDS = {
    ReferenceState.NAMED: "idle",
    ReferenceState.ASKED: "waiting",
    ReferenceState.OPENED: "waiting",
    ReferenceState.STARTED: "waiting",
    ReferenceState.RECEIVED: "met",
    ReferenceState.DECLINED: "short",
    ReferenceState.BOUNCED: "danger",
    ReferenceState.CANCELED: "idle",
}


def is_current(reference: ReferenceFacts) -> bool:
    return reference.state != ReferenceState.CANCELED


def rater_row(reference: ReferenceFacts) -> RaterRow:
    """A state with its dates, never what a rating says."""
    return RaterRow(reference, RATER_KINDS[reference.state], str(reference.state.label), str(reference.slot.label))


# --- Confirmation ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConfirmationPage:
    application: Application
    submission: Submission
    packet: Packet | None
    steps: tuple[timeline.Step, ...]
    who_acts: str


def confirmation_page(application: Application, number: int) -> ConfirmationPage:
    submission = application.submissions.filter(number=number).first()
    if submission is None:
        raise Http404
    status = Status(application.status)
    changes = [timeline.Change(row.source, row.target, row.at, row.reason) for row in application.status_changes.all()]
    return ConfirmationPage(
        application=application,
        submission=submission,
        packet=submission.packets.filter(kind=PacketKind.APPLICANT).select_related("file").first(),
        steps=timeline.steps(status, changes, review_ends_on=application.enrolment.cohort.review_ends_on),
        who_acts=timeline.WHO_ACTS[status](),
    )


# --- Signing, tasks, messages ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignPage:
    application: Application
    text: LegalText
    paragraphs: tuple[str, ...]
    signature: Signature | None
    """The applicant's signature under this very version."""
    attests: bool


def sign_page(application: Application, kind: TextKind, now: datetime.datetime) -> SignPage:
    text = text_in_force(application, kind, now)
    if text is None:
        raise Http404
    return SignPage(
        application=application,
        text=text,
        paragraphs=tuple(part.strip() for part in text.body.split("\n\n") if part.strip()),
        signature=application.signatures.filter(text=text).first(),
        attests=kind == TextKind.ETHICS,
    )


def asked_task(application: Application, uuid: UUID) -> ChangeRequest | DecisionTask:
    row: ChangeRequest | DecisionTask | None = (
        ChangeRequest.objects.filter(application=application, uuid=uuid).first()
        or DecisionTask.objects.filter(
            decision__application=application, decision__released_at__isnull=False, uuid=uuid
        ).first()
    )
    if row is None:
        raise Http404
    return row


@dataclass(frozen=True, slots=True)
class Author:
    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Words:
    """One message as the page shows it."""

    author_shown: Author
    from_staff: bool
    at: datetime.datetime
    body: str


def messages_of(application: Application) -> list[Words]:
    return [
        Words(Author(row.author.uuid, row.author.get_full_name()), row.from_staff, row.at, row.body)
        for row in application.messages.select_related("author__person").order_by("at", "id")
    ]


def message_parts(application: Application) -> list[tuple[str, str]]:
    """Key and name of the parts a message may be about, in the order of the rules."""
    specs = category_spec(application.category, application.edition, application.overlay).requirements
    return [(spec.key, progress.name_of(spec, specs)) for spec in specs if progress.shown(spec)]


def newest_number(application: Application) -> int | None:
    """The number of the newest submission, for the link to its confirmation."""
    return application.submissions.order_by("-number").values_list("number", flat=True).first()
