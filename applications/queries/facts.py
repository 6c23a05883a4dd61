"""Facts of an application, gathered once and frozen: everything that readiness, the status table and the task list
ask."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from applications.enums import AssignmentState, Outcome, ReferenceState, Slot, Status, TextKind
from applications.facts import (
    ApplicationFacts,
    AskedFacts,
    CohortFacts,
    DecisionFacts,
    ExamFacts,
    HouseFacts,
    JourneyFacts,
    RatingFacts,
    ReferenceFacts,
    ReviewFacts,
    SignatureFacts,
)
from applications.models import (
    Application,
    ChangeRequest,
    Decision,
    DecisionTask,
    ExamResult,
    LegalText,
    Message,
    Rating,
    RatingAnswer,
    Reference,
    ReviewAssignment,
    Signature,
    Submission,
)
from cohorts.enums import EnrolmentState
from cohorts.models import Cohort, Enrolment
from competencies.facts import PortfolioFacts, StandingFact
from competencies.models import Category, Edition, Overlay, Standing
from competencies.queries.facts import portfolio_facts
from competencies.queries.standards import category_spec, current_overlay, edition_for
from competencies.specs import CategorySpec, settings_from
from credentials.queries import held
from endorsement_portal.gathering import Gathering, Row, day, flag, identity, instant
from members.enums import Provenance
from members.models import Association, AssociationSettings, Person
from members.queries import membership_facts


def with_related(applications: QuerySet[Application]) -> QuerySet[Application]:
    """With what application_facts reads from an application without asking again: never the edition's files, which
    are larger than all the rest and which only the rules' own pages open."""
    return applications.select_related(
        "person__user",
        "enrolment__cohort",
        "association__settings",
        "category__license",
        "edition",
        "overlay__association",
    ).defer("edition__content")


def house_facts(association: Association | None, overlay: Overlay | None = None) -> HouseFacts:
    """How the association works; the defaults where it does not use the portal, or none is known.

    What an overlay says about coverage and membership stands above the association's own settings.
    """
    settings: AssociationSettings | None = getattr(association, "settings", None) if association else None
    if settings is None:
        return HouseFacts()
    data = overlay.data if overlay else {}
    return HouseFacts(
        time_zone=settings.time_zone,
        coverage_blocks=data.get("coverage", settings.coverage) == AssociationSettings.Coverage.BLOCK,
        membership_through_review=data.get("membership_through_review", settings.membership_through_review),
        two_at_once=settings.two_applications_at_once,
        allow_not_endorsed=settings.allow_not_endorsed,
        reviewers_needed=settings.reviewers_per_application,
    )


def day_in(zone: str, now: datetime.datetime) -> datetime.date:
    return now.astimezone(ZoneInfo(zone)).date()


def application_facts(
    application: Application, now: datetime.datetime, *, portfolio: PortfolioFacts | None = None
) -> ApplicationFacts:
    """Everything about this application at `now`. The number of queries does not depend on the size of anything.

    `portfolio` spares reading it again where the page has it already (two licenses on one portfolio).
    """
    house = house_facts(application.association, application.overlay)
    today = day_in(house.time_zone, now)
    spec = category_spec(application.category, application.edition, application.overlay)
    own = portfolio if portfolio is not None else portfolio_facts(application.person)
    return ApplicationFacts(
        now=now,
        as_of=today,
        category=spec,
        portfolio=own.without(application.left_out),
        house=house,
        assessment=settings_from(
            application.overlay.data if application.overlay else None, emerging=application.asks_emerging
        ),
        memberships=membership_facts(application.person),
        held=held_codes(application.person, spec, today),
        application=journey_facts(application, today),
    )


def prospect_facts(
    person: Person,
    category: Category | str,
    now: datetime.datetime,
    *,
    association: Association | None = None,
    portfolio: PortfolioFacts | None = None,
    edition: Edition | None = None,
    overlay: Overlay | None = None,
    emerging: bool = False,
    as_of: datetime.date | None = None,
) -> ApplicationFacts:
    """The same bundle for a category without an application: rules that need one answer "No application yet"."""
    house = house_facts(association)
    today = as_of or day_in(house.time_zone, now)
    edition = edition or edition_for(today)
    overlay = overlay or (current_overlay(association, edition) if association else None)
    spec = category_spec(category, edition, overlay)
    return ApplicationFacts(
        now=now,
        as_of=today,
        category=spec,
        portfolio=portfolio if portfolio is not None else portfolio_facts(person),
        house=house_facts(association, overlay),
        assessment=settings_from(overlay.data if overlay else None, emerging=emerging),
        memberships=membership_facts(person),
        held=held_codes(person, spec, today),
    )


def held_codes(person: Person, category: CategorySpec, today: datetime.date) -> tuple[str, ...]:
    """Asked for add-ons only: no other category rests on an endorsement."""
    return tuple(endorsement.code for endorsement in held(person, today)) if category.is_add_on else ()


def own_portfolio(application: Application) -> PortfolioFacts:
    """The applicant's portfolio, with what the application leaves out marked."""
    return portfolio_facts(application.person).without(application.left_out)


def cohort_facts(enrolment: Enrolment) -> CohortFacts:
    cohort: Cohort = enrolment.cohort
    return CohortFacts(
        name=cohort.name,
        season=cohort.season,
        year=cohort.year,
        deadline_at=cohort.submission_deadline_at,
        time_zone=cohort.time_zone,
        review_ends_on=cohort.review_ends_on,
        seated=enrolment.state == EnrolmentState.SEATED,
    )


def journey_facts(application: Application, today: datetime.date) -> JourneyFacts:
    """One round trip for everything that hangs on an application."""
    rows = _gathering(application.pk, application.association_id, today)
    number = max((row["number"] for row in rows["submissions"]), default=0)
    current = {row["id"] for row in in_force(rows["texts"])}
    decision = next(iter(rows["decision"]), None)
    return JourneyFacts(
        uuid=application.uuid,
        reference_number=application.reference_number,
        status=Status(application.status),
        since=application.status_since,
        created_on=application.created_at.date(),
        cohort=cohort_facts(application.enrolment),
        submissions=number,
        asks_emerging=application.asks_emerging,
        references=_references(rows),
        signatures=tuple(
            SignatureFacts(
                kind=TextKind(row["text_kind"]),
                version=row["text_version"],
                signed_on=_known(row["signed_at"]),
                not_sanctioned=flag(row["not_sanctioned"]),
                current=row["text_id"] in current,
            )
            for row in rows["signatures"]
        ),
        asked=tuple(_asked(row, deferral=False) for row in rows["changes"])
        + tuple(_asked(row, deferral=True) for row in rows["tasks"]),
        exams=tuple(
            ExamFacts(part=row["part"], sat_on=_known(row["sat_on"]), passed=bool(row["passed"]))
            for row in rows["exams"]
        ),
        reviews=ReviewFacts(
            assigned=_reviews(rows["reviews"], number, AssignmentState.ASSIGNED),
            submitted=_reviews(rows["reviews"], number, AssignmentState.SUBMITTED),
        ),
        decision=DecisionFacts(outcome=Outcome(decision["outcome"]), tasks=len(rows["waiting_tasks"]))
        if decision
        else None,
        unread_messages=len(rows["unread"]),
    )


def _reference_sources(application: int) -> dict[str, Any]:
    not_enough = (
        RatingAnswer.objects.filter(rating=OuterRef("pk"), value__isnull=True)
        .order_by()
        .values("rating")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return {
        "references": (
            Reference.objects.filter(application=application),
            (
                "id",
                "uuid",
                "rater__uuid",
                "rater__name",
                "slot",
                "state",
                "known_since",
                "due_on",
                "waived",
                "asked_at",
                "opened_at",
                "ended_at",
                "vetted_at",
            ),
        ),
        "ratings": (
            Rating.objects.filter(reference__application=application, submitted_at__isnull=False).annotate(
                not_enough=Subquery(not_enough)
            ),
            ("reference_id", "version", "submitted_at", "valid_until", "not_enough"),
        ),
        "standings": (
            Standing.objects.filter(person__in=Reference.objects.filter(application=application).values("rater")),
            ("person__uuid", "code", "kind", "starts_on", "ends_on", "provenance"),
        ),
    }


def _sources(application: int, association: int, today: datetime.date) -> dict[str, Any]:
    waiting = Q(released_at__isnull=True, discarded_at__isnull=True)
    return {
        **_reference_sources(application),
        "signatures": (
            Signature.objects.filter(application=application),
            ("text_id", "text__kind", "text__version", "signed_at", "not_sanctioned"),
        ),
        "texts": (texts_known(association, today), ("id", "kind", "association_id", "effective_from")),
        "changes": (
            ChangeRequest.objects.filter(application=application),
            ("uuid", "requirement_key", "text", "due_on", "done_at"),
        ),
        "tasks": (
            DecisionTask.objects.filter(decision__application=application, decision__released_at__isnull=False),
            ("uuid", "requirement_key", "text", "due_on", "done_at"),
        ),
        "waiting_tasks": (
            DecisionTask.objects.filter(
                decision__application=application,
                decision__released_at__isnull=True,
                decision__discarded_at__isnull=True,
            ),
            ("uuid",),
        ),
        "decision": (Decision.objects.filter(waiting, application=application), ("outcome",)),
        "exams": (ExamResult.objects.filter(application=application), ("part", "sat_on", "passed")),
        "reviews": (
            ReviewAssignment.objects.filter(application=application),
            ("submission_number", "state"),
        ),
        "submissions": (Submission.objects.filter(application=application), ("number",)),
        "unread": (
            Message.objects.filter(application=application, from_staff=True, read_at__isnull=True),
            ("uuid",),
        ),
    }


_gathering = Gathering(_sources)
_reference_gathering = Gathering(_reference_sources)


def texts_known(association: Association | int, today: datetime.date):  # type: ignore[no-untyped-def]
    """The association's own texts and the default ones, in force by that day."""
    return LegalText.objects.filter(Q(association=association) | Q(association__isnull=True), effective_from__lte=today)


def in_force(texts: Iterable[Row]) -> list[Row]:
    """One text of each kind: the association's newest, else the newest default."""
    best: dict[str, Row] = {}
    for row in sorted(
        texts, key=lambda row: (row["association_id"] is not None, str(row["effective_from"]), row["id"])
    ):
        best[row["kind"]] = row
    return list(best.values())


def _known(value: str) -> datetime.date:
    read = day(value)
    assert read is not None
    return read


def _asked(row: Row, *, deferral: bool) -> AskedFacts:
    return AskedFacts(
        uuid=identity(row["uuid"]),
        text=row["text"],
        requirement=row["requirement_key"],
        due_on=day(row["due_on"]),
        done=row["done_at"] is not None,
        deferral=deferral,
    )


def _reviews(rows: list[Row], number: int, state: AssignmentState) -> int:
    return sum(row["submission_number"] == number and row["state"] == state for row in rows)


def reference_facts(application: Application) -> tuple[ReferenceFacts, ...]:
    """The raters alone, in one query: for the pages that name them."""
    return _references(_reference_gathering(application.pk))


def _references(rows: dict[str, list[Row]]) -> tuple[ReferenceFacts, ...]:
    standings: dict[str, list[StandingFact]] = {}
    for row in rows["standings"]:
        standings.setdefault(str(identity(row["person_uuid"])), []).append(
            StandingFact(
                code=row["code"],
                kind=row["kind"],
                starts_on=_known(row["starts_on"]),
                ends_on=day(row["ends_on"]),
                trusted=row["provenance"] != Provenance.STATED,
            )
        )
    ratings = {row["reference_id"]: row for row in sorted(rows["ratings"], key=lambda row: row["version"])}
    return tuple(_reference(row, ratings.get(row["id"]), standings) for row in rows["references"])


def _reference(row: Row, rating: Row | None, standings: dict[str, list[StandingFact]]) -> ReferenceFacts:
    rater = str(identity(row["rater_uuid"]))
    return ReferenceFacts(
        uuid=identity(row["uuid"]),
        rater=rater,
        rater_name=row["rater_name"],
        slot=Slot(row["slot"]),
        state=ReferenceState(row["state"]),
        known_since=_known(row["known_since"]),
        due_on=_known(row["due_on"]),
        waived=bool(row["waived"]),
        asked_on=_day_of(row["asked_at"]),
        opened_on=_day_of(row["opened_at"]),
        ended_on=_day_of(row["ended_at"]),
        vetted=row["vetted_at"] is not None,
        standings=tuple(standings.get(rater, ())),
        rating=RatingFacts(
            submitted_on=_known(rating["submitted_at"]),
            valid_until=day(rating["valid_until"]),
            not_enough_information=rating["not_enough"] or 0,
        )
        if rating
        else None,
    )


def _day_of(value: str | None) -> datetime.date | None:
    read = instant(value)
    return read.date() if read else None
