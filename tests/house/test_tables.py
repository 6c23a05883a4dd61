"""Every table is total: who adds a row to an enum is told here where else a row is due."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from celery import current_app
from django.conf import settings
from django.template.loader import get_template

import applications.enums
import cohorts.rules
import competencies.rules
import credentials.rules
import members.rules
from applications import outcomes, progress, rating_rules, readiness, reminders, timeline, workflow
from applications.actions import journey, reviews
from applications.enums import (
    Action,
    Actor,
    Outcome,
    Recommendation,
    ReferenceState,
    Reminder,
    ReviewRecommendation,
    Slot,
    Status,
    TaskState,
)
from applications.queries import home, pages, references
from applications.ratings_counted import SlotRule, slot_names
from cohorts import calendar
from cohorts.enums import MilestoneKind, Season
from competencies import assessment, keys, reason_words, specs
from competencies.enums import EntryKind, Reason, RequirementKind
from competencies.standards_files import STANDARDS
from coordination.queries import cohorts as boards
from coordination.queries import registry
from credentials import status
from credentials.enums import EndorsementEventKind, EndorsementStatus
from endorsement_portal.outbox import kinds
from endorsement_portal.web import permissions
from endorsement_portal.web.templatetags import icons
from members.enums import MembershipState
from tests.house.tree import ROOT, relative, sources

TABLES = [
    (RequirementKind, progress.SECTIONS),
    (RequirementKind, progress.NAMES),
    (Status, timeline.WHO_ACTS),
    (MilestoneKind, reminders.DONE_WHEN),
    (MilestoneKind, calendar.MILESTONE_WEEKS),
    (Reminder, reminders.LADDERS),
    (Outcome, workflow.RELEASES),
    (Outcome, outcomes.OUTCOME_RULES),
    (ReviewRecommendation, reviews.OUTCOME_OF),
    (Recommendation, rating_rules.CONTRADICTION),
    (ReferenceState, references.KINDS),
    (ReferenceState, pages.RATER_KINDS),
    (TaskState, pages.KINDS),
    (EntryKind, keys.PREFIXES),
    (Reason, reason_words.FIXES),
    (Season, journey.SEASON_LETTERS),
    (EndorsementStatus, registry.POSSIBLE),
]


@pytest.mark.parametrize(("enum", "table"), TABLES, ids=lambda value: getattr(value, "__name__", "table"))
def test_each_member_has_its_row(enum, table):
    assert set(table) == set(enum)


# --- The rules ------------------------------------------------------------------------------------


def test_each_kind_of_requirement_has_exactly_one_evaluator():
    assert Counter([*assessment.EVALUATORS, *readiness.EVALUATORS]) == Counter(RequirementKind)


def test_a_rule_is_parsed_where_the_lower_floor_judges_it():
    assert set(specs._PARSERS) == set(assessment.EVALUATORS)


@pytest.mark.parametrize("enum", [Reason, Slot, Status, Action, Outcome, ReferenceState, RequirementKind])
def test_each_member_says_itself_in_words_of_its_own(enum):
    assert [member for member in enum if not str(member.label).strip() or member.label == member.value] == []
    assert [label for label, times in Counter(str(member.label) for member in enum).items() if times > 1] == []


def test_the_slots_of_the_standards_are_known_and_have_names():
    def named(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for slot in value.get("slots", ()):
                yield from slot["who"]
            for inner in value.values():
                yield from named(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from named(inner)

    known = set(named(json.loads((STANDARDS / "categories.json").read_text())))
    assert known <= set(Slot.values)
    assert known
    for slot in Slot:
        assert slot_names(SlotRule(frozenset({slot.value}), endorsed_only=False, vetted_ok=False)) == str(slot.label)


# --- The journey ----------------------------------------------------------------------------------


def test_every_status_can_be_reached_and_every_action_taken():
    rows = workflow.MACHINE.transitions
    assert {row.target for row in rows} | {Status.DRAFT.value} == set(Status.values)
    assert {row.action for row in rows} == set(Action.values)
    assert set().union(*(row.actors for row in rows)) == set(Actor.values) - {Actor.STRANGER.value}


def test_every_status_stands_in_exactly_one_stage():
    assert Counter(status for _name, statuses in boards.STAGES for status in statuses) == Counter(Status)


def test_every_event_of_an_endorsement_makes_something_of_its_status():
    moves = {EndorsementEventKind.REINSTATED, EndorsementEventKind.RENEWED}
    assert Counter([*status._GRANTS, *status._ENDS, *moves]) == Counter(EndorsementEventKind)


def test_every_permission_has_a_predicate():
    named = [
        applications.enums.Permission, cohorts.rules.Permission, competencies.rules.Permission,
        credentials.rules.Permission, members.rules.Permission,
    ]  # fmt: skip
    assert Counter(str(name) for enum in named for name in enum) == Counter(permissions.registered())


# --- Mail -----------------------------------------------------------------------------------------

EMAILS = ROOT / "templates" / "emails"
POSTERS = {"post", "tell", "tell_members", "tell_applicant", "tell_users", "tell_coordinators"}
COMPUTED = {
    "decision_": {outcome.value for outcome in Outcome},
    "membership_": {MembershipState.CONFIRMED.value, MembershipState.REFUSED.value},
}
"""Names put together at run time: their beginning, and every ending."""


@cache
def posted() -> dict[str, str]:
    """Each template that the code names for a mail, and where. A poster without one means the kind."""
    found: dict[str, str] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in POSTERS:
                given = {word.arg: word.value for word in node.keywords}
                for template in _texts(given.get("template", given.get("kind"))):
                    found[template] = f"{relative(path)}:{node.lineno}"
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(value: ast.expr | None) -> list[str]:
    """What an argument can be: itself, one of two, or a beginning with each ending. A parameter is passed on."""
    match value:
        case ast.Constant(value=str() as text):
            return [text] if text else []
        case ast.IfExp():
            return [*_texts(value.body), *_texts(value.orelse)]
        case ast.JoinedStr(values=[ast.Constant(value=str() as beginning), *_]):
            return [f"{beginning}{ending}" for ending in sorted(COMPUTED[beginning])]
        case _:
            return []


def test_every_mail_has_its_template():
    missing = {name: where for name, where in posted().items() if not (EMAILS / f"{name}.html").is_file()}
    assert missing == {}


def test_every_template_of_a_mail_is_sent_by_somebody():
    there = {path.stem for path in EMAILS.glob("*.html") if not path.name.startswith("_")} - {"base"}
    assert there - set(posted()) == set()


@pytest.mark.parametrize("name", sorted(posted()))
def test_a_mail_says_its_subject(name):
    source = get_template(f"emails/{name}.html").template.source
    assert '{% extends "emails/base.html" %}' in source
    assert "{% block subject %}" in source


def test_what_can_be_switched_off_has_a_label_and_is_sent():
    for optional in kinds.registered():
        assert str(kinds.label_of(optional.kind)).strip()
    sent = {*posted(), *Reminder.values}
    assert {optional.kind for optional in kinds.registered()} - sent - {"brief", "reminders"} == set()


@pytest.mark.parametrize("part", ["act", "text", "title"])
def test_every_kind_of_reminder_has_its_words(part):
    """One kind may be the template's last branch; all others are named."""
    named = set(re.findall(r'line\.kind == "(\w+)"', (EMAILS / f"_reminder_{part}.html").read_text()))
    assert named <= set(Reminder.values)
    assert len(set(Reminder.values) - named) <= 1


def test_what_waits_at_a_desk_has_its_words():
    """As in the reminders: the brief's last branch is for one kind."""
    tree = ast.parse((ROOT / "applications" / "queries" / "briefs.py").read_text())
    counted = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_counts"
    }
    named = set(re.findall(r'kind == "(\w+)"', (EMAILS / "_brief_line.html").read_text()))
    assert named <= counted
    assert len(counted - named) == 1


# --- Icons, tasks ---------------------------------------------------------------------------------

ICON_FILES = {path.stem for path in (ROOT / "templates" / "components" / "icons").glob("*.svg")}


def test_every_icon_that_is_named_is_there():
    pattern = re.compile(r"\{%\s*icon\s+\"([^\"]+)\"|\bicon=\"([a-z0-9-]+)\"")
    named = {
        (name, path.relative_to(ROOT).as_posix())
        for path in (ROOT / "templates").rglob("*.html")
        for pair in pattern.findall(path.read_text())
        for name in pair
        if name
    }
    assert len(named) > 20
    assert sorted((name, path) for name, path in named if name not in ICON_FILES) == []
    assert set(icons.OF_STATE.values()) <= ICON_FILES
    assert {words()[0] for words in home.RATER_WORDS.values()} <= ICON_FILES


def test_every_state_that_code_names_has_an_icon():
    used = {*references.KINDS.values(), *pages.RATER_KINDS.values(), *pages.KINDS.values()}
    assert used <= set(icons.OF_STATE)


def test_what_the_schedule_and_the_actions_name_are_tasks():
    current_app.loader.import_default_modules()
    scheduled = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    enqueued = {
        node.args[0].value
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _name(node.func) == "enqueue" and isinstance(node.args[0], ast.Constant)
    }
    assert len(enqueued) > 1
    assert (scheduled | enqueued) - set(current_app.tasks) == set()
