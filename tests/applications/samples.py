"""Frozen facts for the pure tests: an application on which nothing is missing, without a database."""

from __future__ import annotations

import datetime
from dataclasses import replace
from uuid import UUID, uuid5

from applications.enums import ReferenceState, Slot, Status, TextKind
from applications.facts import (
    ApplicationFacts,
    CohortFacts,
    JourneyFacts,
    RatingFacts,
    ReferenceFacts,
    SignatureFacts,
)
from competencies.facts import PortfolioFacts, StandingFact, TrainingFact
from competencies.specs import AgeRange, CategorySpec, CompetencySpec, requirement_from
from members.standing import MembershipFact

TODAY = datetime.date(2026, 5, 12)
NOW = datetime.datetime(2026, 5, 12, 17, 0, tzinfo=datetime.UTC)
DEADLINE = datetime.datetime(2026, 6, 26, 22, 0, 0, tzinfo=datetime.UTC)
REVIEW_ENDS = datetime.date(2026, 9, 18)
SPACE = UUID("6f1f6b1e-0000-4000-8000-000000000000")

FORM = {
    "not_enough_information_max": 5,
    "valid_for": {"value": 12, "unit": "months"},
    "rater_known_applicant_min": {"value": 12, "unit": "months"},
}
SLOTS = [
    {"slot": 1, "who": ["current_supervisor"], "endorsed_only": False, "vetted_ok": False},
    {"slot": 2, "who": ["rsc_provider"], "endorsed_only": False, "vetted_ok": False},
    {"slot": 3, "who": ["current_supervisor", "colleague", "teacher"], "endorsed_only": False, "vetted_ok": False},
]
REFERENCES = {
    "count": 3,
    "slots": SLOTS,
    "min_from_endorsed": 1,
    "endorsed_categories": ["IFS", "IMHM-C"],
    "vetted_ok": False,
    "form": FORM,
}


def rule(key, kind, params=None, *, required=True, stage="submission", label=None):
    return requirement_from(
        {"key": key, "kind": kind, "label": label or key, "required": required, "stage": stage, "params": params or {}}
    )


TRAINING = rule("training", "training_hours", {"min": {"value": 1, "unit": "clock_hours"}, "sub_minimums": []})
RATINGS = rule("references", "reference_ratings", REFERENCES)
MEMBERSHIP = rule("membership", "membership", {"individual_only": True})
ETHICS = rule("ethics", "ethics", {"attestation": "not sanctioned"})
AGREEMENT = rule("agreement", "agreement")
EXAM = rule("exam", "exam", {"parts": [{"part": 1}, {"part": 2}]}, stage="award")
NO_EXAM = rule("exam", "exam", required=False, stage="award")
BASE = rule("base_endorsement", "endorsement", {"any_of": ["IFS", "IMHS"]})

COMPETENCY = CompetencySpec("TF.one", "Attachment", "TF", "Theoretical Foundations", ways=("training",))

CATEGORY = CategorySpec(
    code="IFS",
    name="Infant Family Specialist",
    license="IMH-E",
    ages=AgeRange(0, 36),
    requirements=(TRAINING, RATINGS, MEMBERSHIP, ETHICS, AGREEMENT, NO_EXAM),
    edition="iecmh-2025",
    slug="ifs",
    competencies=(COMPETENCY,),
)
MENTOR = replace(
    CATEGORY, code="IMHM-C", name="Mentor", requirements=(TRAINING, RATINGS, MEMBERSHIP, ETHICS, AGREEMENT, EXAM)
)
ADD_ON = replace(
    CATEGORY,
    code="ERS-IMH",
    name="Endorsed Reflective Supervisor",
    requirements=(BASE, TRAINING, RATINGS, MEMBERSHIP, ETHICS, AGREEMENT, NO_EXAM),
    is_add_on=True,
    base_any_of=("IFS", "IMHS"),
    emerging_max_months=24,
)

PORTFOLIO = PortfolioFacts(
    training=(
        TrainingFact(
            key="t1",
            on=datetime.date(2026, 1, 5),
            title="Attachment",
            minutes=90,
            ages=("0-36",),
            competencies=("TF.one",),
        ),
    )
)


def membership(starts_on=datetime.date(2025, 1, 1), ends_on=datetime.date(2026, 12, 31), **values):
    return MembershipFact(
        **{
            "key": "m1", "association": "XX-PR", "kind": "individual", "state": "confirmed",
            "starts_on": starts_on, "ends_on": ends_on, **values,
        }
    )  # fmt: skip


def reference(slot, name, *, endorsed=False, state=ReferenceState.RECEIVED, **values):
    received = state == ReferenceState.RECEIVED
    return ReferenceFacts(
        **{
            "uuid": uuid5(SPACE, name),
            "rater": name,
            "rater_name": name,
            "slot": Slot(slot),
            "state": state,
            "known_since": datetime.date(2020, 1, 1),
            "due_on": datetime.date(2026, 6, 1),
            "asked_on": datetime.date(2026, 4, 1),
            "ended_on": datetime.date(2026, 4, 20) if received else None,
            "standings": (StandingFact("IMHM-C", "endorsed", datetime.date(2018, 1, 1)),) if endorsed else (),
            "rating": RatingFacts(datetime.date(2026, 4, 20), datetime.date(2027, 4, 20), 0) if received else None,
            **values,
        }
    )


RATERS = (
    reference("current_supervisor", "Ines"),
    reference("rsc_provider", "Tobias", endorsed=True),
    reference("colleague", "Adaeze"),
)
SIGNATURES = (
    SignatureFacts(TextKind.ETHICS, "2025-1", datetime.date(2026, 4, 8), not_sanctioned=True),
    SignatureFacts(TextKind.AGREEMENT, "2025-1", datetime.date(2026, 4, 8)),
)
COHORT = CohortFacts("Spring 2026", "spring", 2026, DEADLINE, "America/Chicago", REVIEW_ENDS)


def journey(**values) -> JourneyFacts:
    return JourneyFacts(
        **{
            "uuid": SPACE,
            "reference_number": "PR-26S-0417",
            "status": Status.DRAFT,
            "since": NOW,
            "created_on": datetime.date(2026, 3, 10),
            "cohort": COHORT,
            "references": RATERS,
            "signatures": SIGNATURES,
            **values,
        }
    )


def facts(category=CATEGORY, *, without_application=False, application=None, **values) -> ApplicationFacts:
    """Nothing is missing. `application` holds changes to the journey's facts."""
    return ApplicationFacts(
        **{
            "now": NOW,
            "as_of": TODAY,
            "category": category,
            "portfolio": PORTFOLIO,
            "memberships": (membership(),),
            "held": ("IFS",),
            "application": None if without_application else journey(**(application or {})),
            **values,
        }
    )
