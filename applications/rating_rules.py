"""Pure: who may rate, when a rating counts and how long, as the reference rule of a category says (decision 16)."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.enums import Recommendation, ReferenceState, Status
from endorsement_portal.workflow import Finding

ENDED_STATES: frozenset[str] = frozenset({ReferenceState.DECLINED, ReferenceState.CANCELED})
ANSWERABLE_STATES: frozenset[str] = frozenset(
    {ReferenceState.ASKED, ReferenceState.OPENED, ReferenceState.STARTED, ReferenceState.BOUNCED}
)
"""A rater with a live link may answer. BOUNCED too: the link may have reached them another way."""
APPLICANT_MANAGES: frozenset[str] = frozenset(
    {Status.DRAFT, Status.SUBMITTED, Status.CHANGES_REQUESTED, Status.DEFERRED}
)
"""Until review starts the applicant manages the raters; afterwards the coordinator does (R11)."""
OPEN_FOR_STAFF: frozenset[str] = APPLICANT_MANAGES | {Status.UNDER_REVIEW, Status.REVIEWED, Status.APPROVED_FOR_EXAM}
RESEND_AFTER = datetime.timedelta(days=1)
INVITATIONS_PER_DAY = 20


@dataclass(frozen=True, slots=True)
class SlotRule:
    """One of the ratings asked for: in which roles it may be given, and whether only an endorsed person may give it."""

    roles: frozenset[str]
    endorsed_only: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceRule:
    count: int
    slots: tuple[SlotRule, ...]
    not_enough_max: int = 5
    """Most "not enough information" answers a rating may have and still count."""
    valid_months: int = 12
    known_months: int = 12

    @property
    def wants_endorsed(self) -> bool:
        return any(slot.endorsed_only for slot in self.slots)


def _months(quantity: Mapping[str, Any] | None) -> int:
    """Months of {"value": 12, "unit": "months"}; none: no test, so 0."""
    return 0 if quantity is None else int(quantity["value"]) * (12 if quantity["unit"] == "years" else 1)


def parse_rule(params: Mapping[str, Any]) -> ReferenceRule:
    """The rule from a requirement's published parameters."""
    form: Mapping[str, Any] = params["form"]
    return ReferenceRule(
        count=int(params["count"]),
        slots=tuple(SlotRule(frozenset(slot["who"]), bool(slot.get("endorsed_only"))) for slot in params["slots"]),
        not_enough_max=int(form["not_enough_information_max"]),
        valid_months=_months(form["valid_for"]),
        known_months=_months(form["rater_known_applicant_min"]),
    )


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last day of a shorter month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def valid_until(submitted_on: datetime.date, rule: ReferenceRule) -> datetime.date:
    """Last day on which the rating counts."""
    return add_months(submitted_on, rule.valid_months)


@dataclass(frozen=True, slots=True)
class Named:
    """A rater as somebody names them, and what is known about the others."""

    email: str
    slot: str
    known_since: datetime.date
    today: datetime.date
    own_emails: frozenset[str]
    other_emails: frozenset[str]
    """Addresses of raters already asked for this application and still standing."""
    open_roles: tuple[str, ...]
    """The roles in which one more rater is wanted, as `raters_wanted` says."""
    nobody_wanted: str
    """Why no role is open, in words; read when there is none."""
    named_last_day: int
    """How many raters this person named in the last 24 hours, in all applications."""


def _no(requirement: str, message: str, fix: str = "", *, blocking: bool = True) -> Finding:
    return Finding(
        requirement=requirement,
        kind="guard",
        met=False,
        message=message,
        fix=fix,
        where="references",
        blocking=blocking,
    )


def naming_findings(rule: ReferenceRule, named: Named) -> tuple[Finding, ...]:
    """Why this person cannot be named, and hints that a coordinator will look at (blocking=False)."""
    findings: list[Finding] = []
    if named.email in named.own_emails:
        findings.append(_no("own_address", _("This is your own address. A rater has to be somebody else.")))
    if named.email in named.other_emails:
        findings.append(_no("already_named", _("You have already named a rater with this address.")))
    if not named.open_roles:
        findings.append(_no("enough_named", named.nobody_wanted, _("Cancel one to ask somebody else.")))
    elif named.slot not in named.open_roles:
        findings.append(
            _no(
                "slot_filled",
                _("Another rater already fills this role, or this category does not ask for it."),
                _("Choose one of the roles still open."),
            )
        )
    if named.named_last_day >= INVITATIONS_PER_DAY:
        findings.append(_no("too_many_today", _("That is a lot of invitations for one day. Please go on tomorrow.")))
    if add_months(named.known_since, rule.known_months) > named.today:
        findings.append(known_too_short(rule))
    return tuple(findings)


def known_too_short(rule: ReferenceRule) -> Finding:
    text = _("A rater should have known you for at least %(months)d months. A coordinator will look at this one.")
    return _no("known_too_short", text % {"months": rule.known_months}, blocking=False)


def needs_vetting(
    rule: ReferenceRule, *, slot: str, known_since: datetime.date, asked_on: datetime.date, endorsed: bool
) -> bool:
    """Whether a coordinator should look at this rater: known too short, or in a slot for endorsed people only."""
    only_endorsed = all(rule_slot.endorsed_only for rule_slot in rule.slots if slot in rule_slot.roles)
    return add_months(known_since, rule.known_months) > asked_on or (only_endorsed and not endorsed)


def may_resend(asked_at: datetime.datetime | None, now: datetime.datetime) -> bool:
    """At most one invitation a day."""
    return asked_at is None or now - asked_at >= RESEND_AFTER


# --- The rating itself --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NotEnough:
    """Answers of "not enough information": how many, how many may be, and whether the rating can still count."""

    count: int
    most: int
    over: bool
    near: bool
    """One more is the last that is possible, or none is left."""


def not_enough(values: Iterable[int | None], *, items: int, rule: ReferenceRule) -> NotEnough:
    """`values` are the answers given: 1 to 4, or None. A form of few items needs at least one judgement."""
    count = sum(value is None for value in values)
    most = min(rule.not_enough_max, max(items - 1, 0))
    return NotEnough(count=count, most=most, over=count > most, near=most - 1 <= count <= most and count > 0)


def contradicts(recommendation: str, values: Iterable[int | None]) -> bool:
    """Whether the overall answer speaks against the single ones: yes below the middle of the scale, no above 3."""
    judged = [value for value in values if value is not None]
    if not judged:
        return False
    total, number = sum(judged), len(judged)
    return CONTRADICTION[Recommendation(recommendation)](total, number) if recommendation else False


CONTRADICTION: dict[Recommendation, Callable[[int, int], bool]] = {
    Recommendation.YES: lambda total, number: 2 * total < 5 * number,
    Recommendation.WITH_RESERVATIONS: lambda _total, _number: False,
    Recommendation.NO: lambda total, number: total > 3 * number,
}
"""Mean below 2.5 with a yes, mean above 3 with a no. Our own line, to be confirmed with the associations."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A rating about to be sent. `answers`: item key -> 1 to 4, or None; unanswered items are absent."""

    items: tuple[str, ...]
    answers: Mapping[str, int | None]
    recommendation: str
    typed_name: str
    explanation: str
    explanation_asked: bool


def sending_findings(draft: Draft, rule: ReferenceRule) -> tuple[Finding, ...]:
    """What is missing before a rating can be sent; empty: it may go. `requirement` names the field."""
    findings: list[Finding] = []
    given = [draft.answers[item] for item in draft.items if item in draft.answers]
    for number, item in enumerate(draft.items, start=1):
        if item not in draft.answers:
            findings.append(_no(f"item:{item}", _("Choose an answer for question %(number)d.") % {"number": number}))
    limit = not_enough(given, items=len(draft.items), rule=rule)
    if limit.over:
        findings.append(
            _no(
                "not_enough",
                _("With so many “I can't judge this” the rating cannot be counted."),
                _("Tell us instead that another person would know this work better."),
            )
        )
    if not draft.recommendation:
        findings.append(_no("recommendation", _("Choose what you recommend.")))
    elif contradicts(draft.recommendation, given) and not draft.explanation_asked:
        findings.append(
            _no(
                "explanation",
                _(
                    "Your overall answer and your single answers point in different directions. "
                    "Would you tell the reviewers why?"
                ),
            )
        )
    if not draft.typed_name.strip():
        findings.append(_no("typed_name", _("Type your name to sign the rating.")))
    return tuple(findings)
