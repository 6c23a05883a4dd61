"""Raters and ratings as their pages show them. What an applicant may see is a state and its dates, nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from applications import raters_wanted, rating_rules, ratings_counted
from applications.enums import ReferenceState
from applications.models import Application, Rating, RatingItem, Reference
from applications.queries.facts import day_in, house_facts, reference_facts
from applications.rating_rules import ENDED_STATES, ReferenceRule
from applications.rating_texts import statement
from competencies.enums import RequirementKind
from competencies.models import Area
from competencies.queries.standards import category_spec

OWN_ANSWERS_DAYS = 30
"""How long a rater may read their own answers through the same link (R10)."""

KINDS: dict[ReferenceState, str] = {
    ReferenceState.NAMED: "idle",
    ReferenceState.ASKED: "waiting",
    ReferenceState.OPENED: "waiting",
    ReferenceState.STARTED: "progress",
    ReferenceState.RECEIVED: "met",
    ReferenceState.DECLINED: "short",
    ReferenceState.BOUNCED: "danger",
    ReferenceState.CANCELED: "idle",
}


def rule_of(application: Application) -> ReferenceRule | None:
    """The reference rule that this application is judged by; None when its category asks for no ratings."""
    params = _params(application)
    return rating_rules.parse_rule(params) if params is not None else None


def _params(application: Application) -> Mapping[str, Any] | None:
    spec = category_spec(application.category, application.edition, application.overlay)
    kind = RequirementKind.REFERENCE_RATINGS
    return next((requirement.params for requirement in spec.requirements if requirement.kind == kind), None)


def wanted_raters(
    application: Application, now: datetime.datetime, *, instead_of: Reference | None = None
) -> raters_wanted.Wanted:
    """In which roles one more rater may be named, without the one who is to be replaced."""
    params = _params(application)
    if params is None:
        return raters_wanted.Wanted(())
    today = day_in(house_facts(application.association).time_zone, now)
    gone = instead_of.uuid if instead_of else None
    return raters_wanted.wanted(
        [reference for reference in reference_facts(application) if reference.uuid != gone],
        ratings_counted.rule_of(params),
        day=today,
        valid_on=max(today, application.enrolment.cohort.review_ends_on),
    )


def standing(references: Iterable[Reference]) -> list[Reference]:
    """Those that still count toward the slots: neither declined nor canceled."""
    return [reference for reference in references if reference.state not in ENDED_STATES]


@dataclass(frozen=True, slots=True)
class RaterLine:
    """One rater as the applicant sees them: a state with its dates. There is no field for anything confidential."""

    uuid: UUID
    name: str
    email: str
    slot: str
    state: str
    state_label: str
    asked_at: datetime.datetime | None
    opened_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    due_on: datetime.date
    valid_until: datetime.date | None
    waived: bool
    may_resend: bool
    may_cancel: bool

    @property
    def kind(self) -> str:
        """The state's color and icon."""
        return KINDS[ReferenceState(self.state)]


@dataclass(frozen=True, slots=True)
class RatersPage:
    lines: tuple[RaterLine, ...]
    past: tuple[RaterLine, ...]
    """Declined and canceled ones."""
    received: int
    needed: int
    wanted: raters_wanted.Wanted
    """The roles still open to this applicant, and why somebody more is wanted or nobody else can be named."""
    may_manage: bool
    wants_endorsed: bool
    """One of the raters has to be endorsed, or vetted by a coordinator."""


def raters_page(application: Application, now: datetime.datetime) -> RatersPage:
    """The applicant's page of raters, in as many queries whatever their number."""
    rule = rule_of(application)
    may_manage = application.status in rating_rules.APPLICANT_MANAGES
    rows = list(application.references.select_related("rater"))
    validity = dict(
        Rating.objects.filter(reference__application=application, submitted_at__isnull=False)
        .order_by("version")
        .values_list("reference_id", "valid_until")
    )
    lines = [_line(row, validity.get(row.pk), may_manage, now) for row in rows]
    return RatersPage(
        lines=tuple(line for line in lines if line.state not in ENDED_STATES),
        past=tuple(line for line in lines if line.state in ENDED_STATES),
        received=sum(row.state == ReferenceState.RECEIVED for row in rows),
        needed=rule.count if rule else 0,
        wanted=wanted_raters(application, now) if may_manage else raters_wanted.Wanted(()),
        may_manage=may_manage,
        wants_endorsed=rule is not None and rule.wants_endorsed,
    )


def _line(row: Reference, valid_until: datetime.date | None, may_manage: bool, now: datetime.datetime) -> RaterLine:
    waiting = row.state in rating_rules.ANSWERABLE_STATES
    return RaterLine(
        uuid=row.uuid,
        name=row.rater.name,
        email=row.rater.email,
        slot=row.get_slot_display(),
        state=row.state,
        state_label=row.get_state_display(),
        asked_at=row.asked_at,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        due_on=row.due_on,
        valid_until=valid_until,
        waived=row.waived,
        may_resend=may_manage and waiting and rating_rules.may_resend(row.asked_at, now),
        may_cancel=may_manage and (waiting or row.state == ReferenceState.NAMED),
    )


@dataclass(frozen=True, slots=True)
class NamingPage:
    """The form that names a rater: which roles are open, and whom the new one replaces."""

    wanted: raters_wanted.Wanted
    replaced: Reference | None
    known_months: int
    may_manage: bool
    wants_endorsed: bool


def naming_page(application: Application, replaced: UUID | None, now: datetime.datetime) -> NamingPage | None:
    """None when the rater to replace is not one of this application, or no ratings are asked for."""
    rule = rule_of(application)
    rows = list(application.references.select_related("rater"))
    old = next((row for row in rows if row.uuid == replaced), None)
    if rule is None or (replaced is not None and old is None):
        return None
    return NamingPage(
        wanted=wanted_raters(application, now, instead_of=old),
        replaced=old,
        known_months=rule.known_months,
        may_manage=application.status in rating_rules.APPLICANT_MANAGES,
        wants_endorsed=rule.wants_endorsed,
    )


def own_reference(application: Application, uuid: UUID) -> Reference | None:
    """One of this application's references; the application was fetched for its owner."""
    reference = application.references.select_related("rater__user").filter(uuid=uuid).first()
    if reference is not None:
        reference.application = application
    return reference


# --- What the rater sees ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    number: int
    text: str
    value: str
    """"1" to "4", "none" for not enough information, "" for not answered yet."""


@dataclass(frozen=True, slots=True)
class ItemGroup:
    name: str
    code: str
    items: tuple[Item, ...]


def reference_by(uuid: UUID) -> Reference | None:
    """For holders of a private link: the link was checked, its object is fetched."""
    return (
        Reference.objects.select_related(
            "rater",
            "application__person__user",
            "application__category__license",
            "application__association",
            "application__edition",
            "application__overlay",
            "application__enrolment__cohort",
        )
        .filter(uuid=uuid)
        .first()
    )


def current_rating(reference: Reference) -> Rating | None:
    """The newest version: the draft, or what was sent."""
    return reference.ratings.order_by("-version").first()


def items_of(application: Application) -> QuerySet[RatingItem]:
    return RatingItem.objects.filter(edition=application.edition, category=application.category)


def answers_of(rating: Rating | None) -> dict[str, int | None]:
    """Item's competency code -> 1 to 4, or None: not enough information. Unanswered items are absent."""
    if rating is None:
        return {}
    return dict(rating.answers.values_list("item__competency_code", "value"))


def item_groups(application: Application, answers: dict[str, int | None]) -> tuple[ItemGroup, ...]:
    """The statements by area, numbered through, in the reader's language, with the answers given so far."""
    names = dict(Area.objects.values_list("code", "name"))
    groups: dict[str, list[Item]] = {}
    for number, item in enumerate(items_of(application), start=1):
        code = item.competency_code
        value = ("none" if answers[code] is None else str(answers[code])) if code in answers else ""
        groups.setdefault(item.area_code, []).append(Item(code, number, statement(code, item.text), value))
    return tuple(ItemGroup(names.get(code, code), code, tuple(items)) for code, items in groups.items())


def own_answers_until(reference: Reference) -> datetime.datetime | None:
    """Until when the rater may read what they sent; None when nothing was received."""
    if reference.state != ReferenceState.RECEIVED or reference.ended_at is None:
        return None
    return reference.ended_at + datetime.timedelta(days=OWN_ANSWERS_DAYS)
