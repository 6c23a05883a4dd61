# ruff: noqa: E501 - a table reads better in rows
"""The status table: every status x action x actor against a table written independently, without a database."""

import datetime
from dataclasses import replace
from itertools import product

import pytest

from applications import workflow
from applications.enums import FINAL_STATUSES, Action, Actor, Outcome, Status
from applications.facts import AskedFacts, DecisionFacts, ExamFacts, HouseFacts, ReviewFacts
from applications.workflow import MACHINE
from tests.applications import samples

# Written from decision 18 and the brief, not from the code: action -> source -> (target, who).
EXPECTED = {
    "submit": {
        "draft": ("submitted", {"applicant"}),
        "changes_requested": ("submitted", {"applicant"}),
        "deferred": ("submitted", {"applicant"}),
    },
    "withdraw": {
        source: ("withdrawn", {"applicant", "coordinator"})
        for source in (
            "draft", "submitted", "changes_requested", "under_review", "reviewed", "approved_for_exam", "deferred",
        )
    },
    "request_changes": {
        source: ("changes_requested", {"coordinator"}) for source in ("submitted", "under_review", "reviewed")
    },
    "start_review": {"submitted": ("under_review", {"coordinator", "system"})},
    "finish_review": {"under_review": ("reviewed", {"reviewer", "coordinator", "system"})},
    "reopen_review": {"reviewed": ("under_review", {"coordinator"})},
    "release_endorsed": {source: ("endorsed", {"coordinator"}) for source in ("reviewed", "approved_for_exam")},
    "release_emerging": {"reviewed": ("emerging", {"coordinator"})},
    "release_approved_for_exam": {"reviewed": ("approved_for_exam", {"coordinator"})},
    "release_deferred": {source: ("deferred", {"coordinator"}) for source in ("reviewed", "approved_for_exam")},
    "release_not_endorsed": {
        source: ("not_endorsed", {"coordinator"}) for source in ("reviewed", "approved_for_exam")
    },
}  # fmt: skip


def permissive(category, status, action):
    """Facts on which every guard of this row is satisfied."""
    outcome = action.value.removeprefix("release_")
    releases = action.value.startswith("release_")
    return samples.facts(
        category,
        house=HouseFacts(allow_not_endorsed=True),
        application={
            "status": status,
            "submissions": 1,
            "asked": (AskedFacts(samples.SPACE, "More"),) if action == Action.REQUEST_CHANGES else (),
            "reviews": ReviewFacts(assigned=1, submitted=1),
            "decision": DecisionFacts(Outcome(outcome), tasks=1) if releases else None,
            "exams": (
                ExamFacts(1, samples.TODAY, True),
                ExamFacts(2, samples.TODAY, True),
            ),
        },
    )


def category_for(action):
    if action == Action.RELEASE_EMERGING:
        return samples.ADD_ON
    return samples.MENTOR if action == Action.RELEASE_APPROVED_FOR_EXAM else samples.CATEGORY


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_full_cross_product(status, action):
    expected = EXPECTED[action.value].get(status.value)
    step = MACHINE.find(action=action, source=status)
    for actor in Actor:
        allowed = expected is not None and actor.value in expected[1]
        assert MACHINE.permits(action=action, source=status, actor=actor) is allowed
        assert (action.value in {row.action for row in MACHINE.available(source=status, actor=actor)}) is allowed
    if expected is None:
        assert step is None
    else:
        assert step.target == expected[0]
        assert step.refusals(permissive(category_for(action), status, action)) == ()


def test_the_cross_product_is_complete():
    assert set(EXPECTED) == set(Action.values)
    assert len(Status) * len(Action) * len(Actor) == 605
    assert sum(len(rows) for rows in EXPECTED.values()) == len(MACHINE.transitions)


def test_nothing_leaves_a_final_status():
    left = {Status(step.source) for step in MACHINE.transitions}
    assert set(Status) - left == set(FINAL_STATUSES)


def test_every_status_can_be_reached():
    assert {step.target for step in MACHINE.transitions} | {"draft"} == set(Status.values)


def refused(action, status, category=samples.CATEGORY, **values):
    house = values.pop("house", HouseFacts())
    step = MACHINE.find(action=action, source=status)
    found = step.refusals(samples.facts(category, house=house, application={"status": status, **values}))
    return [finding.requirement for finding in found]


LATE = replace(samples.COHORT, deadline_at=samples.NOW - datetime.timedelta(seconds=1))
ASKED = AskedFacts(samples.SPACE, "One more training")


@pytest.mark.parametrize(
    ("action", "status", "values", "expected"),
    [
        (Action.SUBMIT, Status.DRAFT, {}, []),
        (Action.SUBMIT, Status.DRAFT, {"category": replace(samples.CATEGORY, active=False)}, ["category"]),
        (Action.SUBMIT, Status.DRAFT, {"cohort": replace(samples.COHORT, seated=False)}, ["seat"]),
        (Action.SUBMIT, Status.DRAFT, {"cohort": LATE}, ["deadline"]),
        (Action.SUBMIT, Status.DRAFT, {"signatures": ()}, ["ethics", "agreement"]),
        (Action.SUBMIT, Status.DRAFT, {"asked": (ASKED,)}, []),
        (Action.SUBMIT, Status.CHANGES_REQUESTED, {"asked": (ASKED,)}, ["asked"]),
        (Action.SUBMIT, Status.CHANGES_REQUESTED, {"cohort": LATE}, []),
        (Action.SUBMIT, Status.CHANGES_REQUESTED, {"references": ()}, ["references"]),
        (Action.SUBMIT, Status.DEFERRED, {"asked": (replace(ASKED, deferral=True),)}, ["asked"]),
        (Action.SUBMIT, Status.DEFERRED, {"asked": (replace(ASKED, deferral=True, done=True),), "cohort": LATE}, []),
        (Action.REQUEST_CHANGES, Status.SUBMITTED, {}, ["change_request"]),
        (Action.REQUEST_CHANGES, Status.SUBMITTED, {"asked": (replace(ASKED, done=True),)}, ["change_request"]),
        (Action.REQUEST_CHANGES, Status.SUBMITTED, {"asked": (replace(ASKED, deferral=True),)}, ["change_request"]),
        (Action.REQUEST_CHANGES, Status.REVIEWED, {"asked": (ASKED,), "decision": DecisionFacts(Outcome.ENDORSED)}, ["decision"]),
        (Action.START_REVIEW, Status.SUBMITTED, {}, ["reviewer"]),
        (Action.FINISH_REVIEW, Status.UNDER_REVIEW, {}, ["reviews"]),
        (Action.FINISH_REVIEW, Status.UNDER_REVIEW, {"reviews": ReviewFacts(0, 1), "house": HouseFacts(reviewers_needed=2)}, ["reviews"]),
        (Action.FINISH_REVIEW, Status.UNDER_REVIEW, {"reviews": ReviewFacts(0, 2), "house": HouseFacts(reviewers_needed=2)}, []),
        (Action.REOPEN_REVIEW, Status.REVIEWED, {}, ["reviewer"]),
        (Action.REOPEN_REVIEW, Status.REVIEWED, {"reviews": ReviewFacts(1, 1), "decision": DecisionFacts(Outcome.DEFERRED, 1)}, ["decision"]),
        (Action.RELEASE_ENDORSED, Status.REVIEWED, {}, ["decision"]),
        (Action.RELEASE_ENDORSED, Status.REVIEWED, {"decision": DecisionFacts(Outcome.DEFERRED, 1)}, ["decision"]),
        (Action.RELEASE_ENDORSED, Status.REVIEWED, {"decision": DecisionFacts(Outcome.ENDORSED)}, []),
        (Action.RELEASE_ENDORSED, Status.APPROVED_FOR_EXAM, {"category": samples.MENTOR, "decision": DecisionFacts(Outcome.ENDORSED)}, ["exam"]),
        (Action.RELEASE_ENDORSED, Status.APPROVED_FOR_EXAM, {"category": samples.MENTOR, "decision": DecisionFacts(Outcome.ENDORSED), "exams": (ExamFacts(1, samples.TODAY, True), ExamFacts(2, samples.TODAY, False))}, ["exam"]),
        (Action.RELEASE_EMERGING, Status.REVIEWED, {"decision": DecisionFacts(Outcome.EMERGING)}, ["emerging"]),
        (Action.RELEASE_APPROVED_FOR_EXAM, Status.REVIEWED, {"decision": DecisionFacts(Outcome.APPROVED_FOR_EXAM)}, ["exam"]),
        (Action.RELEASE_DEFERRED, Status.REVIEWED, {"decision": DecisionFacts(Outcome.DEFERRED)}, ["tasks"]),
        (Action.RELEASE_NOT_ENDORSED, Status.REVIEWED, {"decision": DecisionFacts(Outcome.NOT_ENDORSED)}, ["not_endorsed"]),
        (Action.WITHDRAW, Status.REVIEWED, {"decision": DecisionFacts(Outcome.ENDORSED)}, []),
    ],
)  # fmt: skip
def test_guards(action, status, values, expected):
    assert refused(action, status, **values) == expected


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_the_deadlines_second_is_included(seconds, late):
    now = samples.DEADLINE + datetime.timedelta(seconds=seconds)
    found = workflow.before_deadline(samples.facts(now=now))
    assert [finding.met for finding in found] == [not late]


def test_half_a_second_after_the_deadline_is_in_time():
    now = samples.DEADLINE + datetime.timedelta(milliseconds=999)
    assert [finding.met for finding in workflow.before_deadline(samples.facts(now=now))] == [True]


def test_guards_need_an_application():
    with pytest.raises(ValueError, match="needs an application"):
        workflow.before_deadline(samples.facts(without_application=True))


def test_each_outcome_has_its_release():
    assert set(workflow.RELEASES) == set(Outcome)
    assert workflow.outcomes(Status.REVIEWED) == tuple(Outcome)
    assert workflow.outcomes(Status.APPROVED_FOR_EXAM) == (Outcome.ENDORSED, Outcome.DEFERRED, Outcome.NOT_ENDORSED)
    assert workflow.outcomes(Status.DRAFT) == ()


def test_diagram_names_every_step():
    text = workflow.diagram()
    assert text.startswith("stateDiagram-v2\n    [*] --> draft\n")
    assert text.count("-->") == 1 + len(MACHINE.transitions) + len(FINAL_STATUSES)
    assert "    submitted --> under_review: start_review" in text
    assert text.endswith("withdrawn --> [*]")
