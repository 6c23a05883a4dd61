"""The member's home: one next step, what others are doing, where they stand. At most ten queries for the whole page."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import meters, places, progress, timeline
from applications.enums import ReferenceState, Section, Status, TaskState
from applications.facts import ApplicationFacts
from applications.models import Application
from applications.queries.facts import application_facts, prospect_facts, with_related
from applications.queries.first_steps import FirstStep, first_steps
from applications.queries.pages import EDITABLE
from cohorts.calendar import in_time, share_passed
from cohorts.models import Cohort, Enrolment
from competencies.facts import PortfolioFacts
from competencies.queries.facts import portfolio_facts
from credentials.models import Endorsement
from credentials.queries import held_rows
from endorsement_portal.prepared import Prepared
from endorsement_portal.web.dates import zoned
from members.enums import MembershipState, Role
from members.models import Person, User
from members.queries import find_person, membership_facts, staff_now
from members.standing import MembershipFact, covered_until

NOON, EVENING = 12, 18


@dataclass(frozen=True, slots=True)
class NextStep:
    title: str
    text: str
    href: str
    act: str
    other_href: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Then:
    """One row of what comes after: who, what, and the link where something can be done."""

    icon: str
    who: str
    what: str
    note: str = ""
    on: datetime.date | None = None
    href: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class MembershipAside:
    kind: str
    badge: str
    text: str
    until: datetime.date | None = None
    review_ends_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    percent: int
    done: bool


@dataclass(frozen=True, slots=True)
class CohortAside:
    cohort: Cohort
    today: int
    """Where today lies between enrollment and the end of the review, in percent."""
    stops: tuple[Stop, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Home:
    greeting: str
    lead: str
    next_step: NextStep | None
    then: tuple[Then, ...]
    meters: tuple[tuple[meters.Meter, str], ...]
    report_href: str
    cohort: CohortAside | None
    membership: MembershipAside
    coordinators: tuple[str, ...]
    write_href: str
    others: tuple[Application, ...]
    first_steps: tuple[FirstStep, ...]
    application: Application | None


def home(user: User, now: datetime.datetime, *, found: bool = False) -> Home:
    applications = _open_applications(user.pk)
    if applications:
        applications[0].person.user = user  # the page's head names the same person: not asked twice
        return _with_application(applications, now)
    enrolment = _seat(user, now)
    person = enrolment.person if enrolment else find_person(user)
    if person is not None:
        person.user = user
    return _without_application(user, person, enrolment, now, found)


@Prepared
def _open_applications(user: int) -> QuerySet[Application]:
    return with_related(Application.objects.visible_to(User(pk=user)).open()).order_by("-created_at", "-id")


def _seat(user: User, now: datetime.datetime) -> Enrolment | None:
    return (
        Enrolment.objects.visible_to(user)
        .seated()
        .filter(cohort__submission_deadline_at__gte=now.replace(microsecond=0))
        .select_related("cohort__association__settings", "person__user")
        .annotate(was_awarded=Exists(Endorsement.objects.filter(person=OuterRef("person"))))
        .order_by("cohort__submission_deadline_at")
        .first()
    )


# --- With an application --------------------------------------------------------------------------


def most_urgent(applications: list[Application]) -> Application:
    """What the person can work on comes before what others hold; then the nearest deadline."""
    return min(
        applications,
        key=lambda row: (
            row.status not in EDITABLE,
            row.enrolment.cohort.submission_deadline_at,
            row.created_at,
        ),
    )


def _with_application(applications: list[Application], now: datetime.datetime) -> Home:
    application = most_urgent(applications)
    facts = application_facts(application, now)
    rows = progress.tasks(facts)
    find = places.addresses(application.uuid, application.category.slug)
    status = Status(application.status)
    hub = reverse("applications:hub", args=[application.uuid])
    return Home(
        greeting=greeting(application.person, now),
        lead=_lead(application, progress.count(rows), status),
        next_step=_next_step(rows, find, hub, status),
        then=tuple(_then(facts, find, application)),
        meters=tuple((meter, find(meter.where)) for meter in meters.meters(facts)),
        report_href=reverse("gap", args=[application.category.slug]),
        cohort=cohort_aside(application.enrolment.cohort, now),
        membership=membership_aside(facts.memberships, facts.as_of, application.enrolment.cohort.review_ends_on),
        coordinators=tuple(staff.get_full_name() for staff in staff_now(application.association, Role.COORDINATOR)[:2]),
        write_href=reverse("applications:messages", args=[application.uuid]),
        others=tuple(row for row in applications if row.pk != application.pk),
        first_steps=(),
        application=application,
    )


def _lead(application: Application, count: progress.Count, status: Status) -> str:
    what = _("%(category)s, in the %(cohort)s cohort.") % {
        "category": application.category_name,
        "cohort": application.enrolment.cohort.name,
    }
    if status not in EDITABLE:
        return f"{what} {status.label}."
    done = ngettext(
        "%(done)s of %(count)s part is complete", "%(done)s of %(count)s parts are complete", count.parts
    ) % {"done": count.complete, "count": count.parts}
    if not count.waiting:
        return f"{what} {done}."
    held = ngettext(
        "and one is in other people's hands", "and %(count)s are in other people's hands", count.waiting
    ) % {"count": count.waiting}
    return f"{what} {done}, {held}."


STEP_WORDS = {
    TaskState.NEEDS_CHANGES: lambda: (_("Answer what was asked: %(name)s"), _("See what was asked")),
    TaskState.IN_PROGRESS: lambda: (_("Go on with: %(name)s"), _("Go on")),
    TaskState.NOT_STARTED: lambda: (_("Next: %(name)s"), _("Begin")),
}


def _next_step(rows: tuple[progress.Task, ...], find: Callable[[str], str], hub: str, status: Status) -> NextStep:
    parts = _("See all parts")
    if status not in EDITABLE:
        return NextStep(
            title=str(status.label), text=timeline.WHO_ACTS[status](), href=hub, act=_("Open your application")
        )
    task = progress.next_task(rows)
    if task is None:
        return NextStep(
            title=_("Nothing for you to do right now"),
            text=_("The parts that are open are in other people's hands. We write to them; you can send a reminder."),
            href=hub,
            act=parts,
        )
    if task.key == "check":
        return NextStep(
            _("Check and send your application"), task.hint, places_of(find, task, hub), _("Read it once more")
        )
    title, act = STEP_WORDS[task.state]()
    return NextStep(
        title % {"name": task.name}, sentences(task.hint, task.fix), places_of(find, task, hub), act, hub, parts
    )


def sentences(*parts: str) -> str:
    """Each part closed by a full stop."""
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def places_of(find: Callable[[str], str], task: progress.Task, hub: str) -> str:
    return hub if task.section == Section.ASKED else (find(task.where) or hub)


def _then(facts: ApplicationFacts, find: Callable[[str], str], application: Application) -> list[Then]:
    """Who holds what since when, and what came back."""
    journey = facts.application
    assert journey is not None
    rows = []
    if journey.unread_messages:
        rows.append(
            Then(
                "envelope",
                "",
                ngettext(
                    "A new message from your coordinator",
                    "%(count)s new messages from your coordinator",
                    journey.unread_messages,
                )
                % {"count": journey.unread_messages},
                href=find("messages"),
                act=_("Read"),
            )
        )
    for reference in journey.references:
        if reference.state in RATER_WORDS:
            icon, what, note, act = RATER_WORDS[reference.state]()
            rows.append(Then(icon, reference.rater_name, what, note, reference.asked_on, find("references"), act))
    return rows


HOURGLASS = "hourglass-split"
RATER_WORDS: dict[ReferenceState, Callable[[], tuple[str, str, str, str]]] = {
    ReferenceState.BOUNCED: lambda: (
        "envelope-exclamation",
        _("did not get our mail"),
        _("Check the address with them."),
        _("Check address"),
    ),
    ReferenceState.DECLINED: lambda: (
        "arrow-counterclockwise",
        _("cannot rate"),
        _("Please ask another person."),
        _("Ask another"),
    ),
    ReferenceState.ASKED: lambda: (HOURGLASS, _("was asked for a reference"), "", _("Resend")),
    ReferenceState.OPENED: lambda: (HOURGLASS, _("has opened your reference form"), "", _("Resend")),
    ReferenceState.STARTED: lambda: (HOURGLASS, _("has begun your reference"), "", _("See")),
}
"""What a home page says of a rater: icon, what, note, act."""


# --- Without one ----------------------------------------------------------------------------------


def _without_application(
    user: User, person: Person | None, enrolment: Enrolment | None, now: datetime.datetime, found: bool
) -> Home:
    portfolio = portfolio_facts(person) if person else PortfolioFacts()
    facts = None
    if person and enrolment and enrolment.intended_category:
        facts = prospect_facts(
            person, enrolment.intended_category, now, association=enrolment.cohort.association, portfolio=portfolio
        )
    memberships = facts.memberships if facts else (membership_facts(person) if person else ())
    today = facts.as_of if facts else now.date()
    slug = facts.category.slug if facts else ""
    find = places.addresses(None, slug)
    steps = first_steps(portfolio, memberships, enrolment, found)
    todo = next((step for step in steps if not step.done), None)
    asked = getattr(enrolment, "was_awarded", True)
    endorsed = _endorsed(person, today) if person and asked else None
    return Home(
        greeting=greeting(person, now) if person else _("Welcome"),
        lead=_("What you enter here is kept: it counts for your renewal, and for every application later.")
        if endorsed
        else _("Begin wherever you like: what you enter here is kept, and it counts for every application later."),
        next_step=endorsed or (NextStep(todo.title, todo.text, todo.href, todo.act) if todo else None),
        then=(),
        meters=tuple((meter, find(meter.where)) for meter in meters.meters(facts)) if facts else (),
        report_href=reverse("gap", args=[slug]) if slug else reverse("gap_index"),
        cohort=cohort_aside(enrolment.cohort, now) if enrolment else None,
        membership=membership_aside(memberships, today, enrolment.cohort.review_ends_on if enrolment else None),
        coordinators=(),
        write_href="",
        others=(),
        first_steps=() if endorsed else steps,
        application=None,
    )


def _endorsed(person: Person, today: datetime.date) -> NextStep | None:
    """Somebody who is endorsed is not taught the first steps: the endorsements come first."""
    rows = held_rows(person, today)
    if not rows:
        return None
    return NextStep(
        ngettext("You are endorsed", "You hold %(count)s endorsements", len(rows)) % {"count": len(rows)},
        _("Your certificate, its code and the page that others can check are in one place."),
        reverse("credentials:mine"),
        _("Open my endorsements"),
    )


# --- Asides ---------------------------------------------------------------------------------------


def greeting(person: Person, now: datetime.datetime) -> str:
    hour = zoned(now, person.time_zone).hour
    first = person.name.split()[0] if person.name.split() else person.name
    words = _("Good morning, %(name)s") if hour < NOON else _("Good afternoon, %(name)s")
    return (words if hour < EVENING else _("Good evening, %(name)s")) % {"name": first}


def cohort_aside(cohort: Cohort, now: datetime.datetime) -> CohortAside:
    """The quarter as a line: enrollment closes, applications close, review ends."""
    end = datetime.datetime.combine(cohort.review_ends_on, datetime.time.max, tzinfo=datetime.UTC)
    instants = (cohort.opens_at, cohort.closes_at, cohort.submission_deadline_at, end)
    return CohortAside(
        cohort=cohort,
        today=share_passed(cohort.opens_at, end, now),
        stops=tuple(Stop(share_passed(cohort.opens_at, end, at), at <= now) for at in instants),
        open=in_time(cohort.submission_deadline_at, now),
    )


def membership_aside(
    memberships: tuple[MembershipFact, ...], today: datetime.date, review_ends_on: datetime.date | None
) -> MembershipAside:
    until = covered_until(memberships, today)
    if until is None:
        if any(fact.state == MembershipState.PENDING for fact in memberships):
            return MembershipAside("waiting", _("Waiting for a coordinator"), _("Your proof is being looked at."))
        return MembershipAside("idle", _("None yet"), _("Any association for infant mental health counts."))
    if review_ends_on is not None and until < review_ends_on:
        text = _("Renew it, then add the new dates.")
        return MembershipAside("short", _("Ends before your review"), text, until, review_ends_on)
    badge = _("Covers your review") if review_ends_on else _("Confirmed")
    return MembershipAside("met", badge, "", until, review_ends_on)
