"""Pure: the frozen facts that readiness, the status table and the task list judge; queries.facts gathers them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from applications.enums import Outcome, ReferenceState, Slot, Status, TextKind
from competencies.facts import PortfolioFacts, StandingFact
from competencies.specs import AssessmentSettings, CategorySpec
from members.standing import MembershipFact


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """How the association works."""

    time_zone: str = "America/Chicago"
    coverage_blocks: bool = False
    membership_through_review: bool = False
    two_at_once: bool = True
    allow_not_endorsed: bool = False
    reviewers_needed: int = 1


@dataclass(frozen=True, slots=True)
class CohortFacts:
    name: str
    season: str
    year: int
    deadline_at: datetime.datetime
    """Last second of submission, included."""
    time_zone: str
    review_ends_on: datetime.date
    seated: bool = True


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """What may be known of a submitted rating without reading it."""

    submitted_on: datetime.date
    valid_until: datetime.date | None
    not_enough_information: int


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    uuid: UUID
    rater: str
    """The rater's key: two references of one rater are one person."""
    rater_name: str
    slot: Slot
    state: ReferenceState
    known_since: datetime.date
    due_on: datetime.date
    waived: bool = True
    asked_on: datetime.date | None = None
    opened_on: datetime.date | None = None
    ended_on: datetime.date | None = None
    vetted: bool = False
    standings: tuple[StandingFact, ...] = ()
    rating: RatingFacts | None = None


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    kind: TextKind
    version: str
    signed_on: datetime.date
    not_sanctioned: bool | None = None
    current: bool = True
    """False when the association has put a newer text in force since."""


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """One thing asked for by a coordinator, or one task of a deferral."""

    uuid: UUID
    text: str
    requirement: str = ""
    due_on: datetime.date | None = None
    done: bool = False
    deferral: bool = False


@dataclass(frozen=True, slots=True)
class ExamFacts:
    part: int
    sat_on: datetime.date
    passed: bool


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """The decision that is recorded and waits for its release."""

    outcome: Outcome
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    assigned: int = 0
    """Reviewers who still read."""
    submitted: int = 0


@dataclass(frozen=True, slots=True)
class JourneyFacts:
    """An application as it stands."""

    uuid: UUID
    reference_number: str
    status: Status
    since: datetime.datetime
    created_on: datetime.date
    cohort: CohortFacts
    submissions: int = 0
    asks_emerging: bool = False
    references: tuple[ReferenceFacts, ...] = ()
    signatures: tuple[SignatureFacts, ...] = ()
    asked: tuple[AskedFacts, ...] = ()
    exams: tuple[ExamFacts, ...] = ()
    reviews: ReviewFacts = ReviewFacts()
    decision: DecisionFacts | None = None
    unread_messages: int = 0


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """Everything about one person and one category at one instant. Without an application, `application` is None."""

    now: datetime.datetime
    as_of: datetime.date
    """The day in the association's zone."""
    category: CategorySpec
    portfolio: PortfolioFacts
    house: HouseFacts = HouseFacts()
    assessment: AssessmentSettings = AssessmentSettings()  # noqa: RUF009 - frozen
    memberships: tuple[MembershipFact, ...] = ()
    held: tuple[str, ...] = ()
    """Codes of the endorsements that are active on `as_of`."""
    application: JourneyFacts | None = None
    worked_out: dict[Any, Any] = field(init=False, default_factory=dict, compare=False, repr=False)
    """What pure functions of this bundle answered already: a page asks for the same findings in several places. A
    changed copy (`dataclasses.replace`) begins empty."""
