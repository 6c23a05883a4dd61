"""What needs a coordinator today: one bounded read for each kind of work, ordered by due date.

Each kind shows its most urgent rows and links to the desk that has all of them, so the page costs the same with five
things waiting and with five thousand.
"""

import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.enums import AssignmentState, ReferenceState, Status
from applications.models import Message, Reference, ReviewAssignment
from coordination.queries import cohorts, decisions, imported, memberships, outbox
from coordination.queries.applications import at_desk, of_others
from members.models import Association, User

ROWS_PER_KIND = 5


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that waits for a coordinator. `due` is the day it is due or has waited since."""

    kind: str
    icon: str
    what: str
    why: str
    due: datetime.date | None
    late: bool
    href: str
    act: str
    act_href: str = ""
    """Where the one primary act is posted; empty: the act is a page (href)."""


def _since(instant: datetime.datetime | None, now: datetime.datetime) -> str:
    days = (now - instant).days if instant else 0
    return (
        ngettext("Waiting for %(n)d day.", "Waiting for %(n)d days.", days) % {"n": days} if days else _("Since today.")
    )


def memberships_to_confirm(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    rows = memberships.at_desk(association, state="pending").exclude(person__user=reader)
    for row in rows.order_by("created_at")[:ROWS_PER_KIND]:
        yield Work(
            kind="met",
            icon="person-vcard",
            late=(now - row.created_at).days > 7,
            due=row.created_at.date(),
            what=_("Confirm the membership of %(name)s") % {"name": row.person.name},
            why=_("%(association)s, %(start)s to %(end)s.")
            % {
                "association": row.association.name,
                "start": date_format(row.starts_on, "M j, Y"),
                "end": date_format(row.ends_on, "M j, Y"),
            },
            href=f"{reverse('coordination:memberships', args=[association.slug])}?state=pending",
            act=_("Confirm"),
            act_href=reverse("coordination:membership_confirm", args=[association.slug, row.uuid]),
        )


def imported_to_accept(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    for row in imported.waiting_people(association, reader, ROWS_PER_KIND):
        yield Work(
            kind="progress",
            icon="file-earmark-arrow-up",
            late=(now - row.since).days > 14,
            due=row.since.date(),
            what=_("Accept the sessions that %(name)s brought along") % {"name": row.person.name},
            why=ngettext("%(n)d session. %(since)s", "%(n)d sessions. %(since)s", row.sessions)
            % {"n": row.sessions, "since": _since(row.since, now)},
            href=reverse("coordination:imported", args=[association.slug, row.person.uuid]),
            act=_("Open"),
        )


def submissions_to_check(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    rows = (
        at_desk(association, reader)
        .filter(status=Status.SUBMITTED)
        .select_related("person", "category")
        .order_by("status_since")[:ROWS_PER_KIND]
    )
    for row in rows:
        href = application_address(association, row.uuid)
        yield Work(
            kind="progress",
            icon="clipboard-check",
            late=(now - row.status_since).days > 7,
            due=row.status_since.date(),
            what=_("Check the submission of %(name)s") % {"name": row.person.name},
            why=f"{row.reference_number}, {row.category_name}. {_since(row.status_since, now)}",
            href=href,
            act=_("Open"),
        )


def replies_due(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    rows = (
        Message.objects.filter(
            of_others(reader), application__association=association, from_staff=False, read_at__isnull=True
        )
        .select_related("application__person")
        .order_by("at")[:ROWS_PER_KIND]
    )
    for row in rows:
        yield Work(
            kind="waiting",
            icon="chat-left-dots",
            late=(now - row.at).days > 3,
            due=row.at.date(),
            what=_("%(name)s asks") % {"name": row.application.person.name},
            why=f"{_since(row.at, now)} {row.body[:90]}",
            act=_("Answer"),
            href=f"{application_address(association, row.application.uuid)}#messages",
        )


def raters_to_replace(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    rows = (
        Reference.objects.filter(of_others(reader), application__association=association, state=ReferenceState.BOUNCED)
        .select_related("rater", "application__person")
        .order_by("updated_at")[:ROWS_PER_KIND]
    )
    for row in rows:
        yield Work(
            kind="danger",
            icon="envelope-exclamation",
            late=True,
            due=row.updated_at.date(),
            act=_("Open"),
            what=_("Mail to %(name)s came back") % {"name": row.rater.name},
            why=_("Asked to rate %(name)s.") % {"name": row.application.person.name},
            href=application_address(association, row.application.uuid),
        )


def reviews_late(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    rows = (
        ReviewAssignment.objects.filter(
            of_others(reader),
            application__association=association,
            state=AssignmentState.ASSIGNED,
            due_on__lt=now.date(),
        )
        .select_related("reviewer__person", "application__person")
        .order_by("due_on")[:ROWS_PER_KIND]
    )
    for row in rows:
        yield Work(
            kind="short",
            icon="hourglass-split",
            late=True,
            due=row.due_on,
            act=_("Open"),
            what=_("The review of %(name)s is late") % {"name": row.application.person.name},
            why=_("With %(reviewer)s, due %(day)s.")
            % {"reviewer": row.reviewer.get_full_name(), "day": date_format(row.due_on, "D, F j")},
            href=application_address(association, row.application.uuid),
        )


def decisions_due(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    for row in decisions.to_decide(association, reader)[:ROWS_PER_KIND]:
        yield Work(
            kind="progress",
            icon="award",
            late=(now - row.status_since).days > 14,
            due=row.status_since.date(),
            what=_("Decide about %(name)s") % {"name": row.person.name},
            act=_("Open"),
            why=f"{row.reference_number}, {row.category_name}. {_since(row.status_since, now)}",
            href=application_address(association, row.uuid),
        )
    for decision in decisions.waiting(association, reader)[:ROWS_PER_KIND]:
        yield Work(
            kind="met",
            icon="send",
            late=False,
            due=decision.recorded_at.date(),
            act=_("Open"),
            what=_("Release the decision about %(name)s") % {"name": decision.application.person.name},
            why=_("%(outcome)s, recorded by %(by)s.")
            % {"outcome": decision.get_outcome_display(), "by": decision.recorded_by.get_full_name()},
            href=reverse("coordination:decisions", args=[association.slug]),
        )


def posts_reported(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    for row in cohorts.open_reports(association)[:ROWS_PER_KIND]:
        yield Work(
            kind="danger",
            icon="flag",
            late=(now - row.created_at).days > 1,
            due=row.created_at.date(),
            act=_("Look"),
            what=_("A post in %(cohort)s was reported") % {"cohort": row.post.thread.cohort.name},
            why=row.reason[:120],
            href=reverse("cohorts:post_hide", args=[row.post.uuid]),
        )


def mail_to_look_at(association: Association, reader: User, now: datetime.datetime) -> Iterator[Work]:
    rows = outbox.messages(association, reader, view="attention").order_by("due_at", "id")[:ROWS_PER_KIND]
    for row in rows:
        yield Work(
            kind="danger",
            icon="envelope-exclamation",
            late=True,
            due=row.due_at.date(),
            act=_("Open"),
            what=_("A mail to %(name)s needs a look") % {"name": row.to_name or row.to_email},
            why=row.get_state_display(),
            href=reverse("coordination:outbox", args=[association.slug]) + "?state=attention",
        )


KINDS: tuple[Callable[[Association, User, datetime.datetime], Iterator[Work]], ...] = (
    mail_to_look_at,
    raters_to_replace,
    posts_reported,
    memberships_to_confirm,
    imported_to_accept,
    submissions_to_check,
    replies_due,
    reviews_late,
    decisions_due,
)


def work(association: Association, reader: User, now: datetime.datetime) -> list[Work]:
    """All that waits, late things first, then by day."""
    found = chain.from_iterable(kind(association, reader, now) for kind in KINDS)
    return sorted(found, key=lambda item: (not item.late, item.due or now.date()))


def application_address(association: Association, application: uuid.UUID) -> str:
    return reverse("coordination:application", args=[association.slug, application])
