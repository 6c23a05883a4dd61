"""The task list, the meters and the timeline: pure."""

import datetime
from dataclasses import replace
from uuid import uuid4

import pytest

from applications import meters, progress, timeline
from applications.enums import ReferenceState, Section, Status, TaskState
from applications.facts import AskedFacts
from applications.queries.home import RATER_WORDS, _next_step, sentences
from applications.queries.pages import KINDS, RATER_KINDS
from competencies.enums import RequirementKind
from competencies.facts import PortfolioFacts, ProviderFact, StandingFact, SupervisionFact, TrainingFact
from tests.applications import samples
from tests.applications.samples import facts, reference, rule

RSC = rule(
    "rsc",
    "rsc_hours",
    {"min_received": {"value": 2, "unit": "clock_hours"}, "qualifying_providers": [{"codes": ["IMHM-C"]}]},
)
WITH_RSC = replace(samples.CATEGORY, requirements=(*samples.CATEGORY.requirements, RSC))
TOBIAS = ProviderFact("tobias", "Tobias Fernhollow", (StandingFact("IMHM-C", "endorsed", datetime.date(2018, 1, 1)),))


def session(key, state, day=datetime.date(2026, 5, 1), provider="tobias"):
    attested = day if state == "confirmed" else None
    return SupervisionFact(key, day, 60, provider, ages=("0-36",), state=state, attested_on=attested)


def with_sessions(*sessions):
    return facts(WITH_RSC, portfolio=replace(samples.PORTFOLIO, supervision=sessions, providers=(TOBIAS,)))


def task(key, given):
    return next(row for row in progress.tasks(given) if row.key == key)


def test_tables_are_total():
    assert set(progress.SECTIONS) == set(progress.NAMES) == set(RequirementKind)
    assert set(timeline.WHO_ACTS) == set(Status)
    assert set(KINDS) == set(TaskState.values)
    assert set(RATER_KINDS) == set(ReferenceState)
    assert set(RATER_WORDS) <= set(ReferenceState)
    assert all(len(words()) == 4 for words in RATER_WORDS.values())
    assert all(timeline.WHO_ACTS[status]() for status in Status)
    assert all(name() for name in progress.NAMES.values())


def test_tasks_of_a_ready_application():
    rows = progress.tasks(facts())
    assert [(row.section.value, row.key, row.state.value) for row in rows] == [
        ("about", "membership", "complete"),
        ("about", "ethics", "complete"),
        ("about", "agreement", "complete"),
        ("bring", "training", "complete"),
        ("bring", "competencies", "complete"),
        ("bring", "selection", "optional"),
        ("others", "references", "complete"),
        ("send", "check", "in_progress"),
    ]
    assert progress.count(rows) == progress.Count(parts=6, complete=6, waiting=0)
    assert progress.next_task(rows).key == "check"
    assert _next_step(rows, str, "/hub/", Status.DRAFT).title == "Check and send your application"


@pytest.mark.parametrize("missing", [{}, {"signatures": ()}, {"signatures": (), "references": ()}])
def test_as_many_parts_are_complete_as_say_so(missing):
    rows = progress.tasks(facts(application=missing))
    badges = [row.state for row in rows if row.section != Section.ASKED]
    assert progress.count(rows).complete == badges.count(TaskState.COMPLETE)


def test_tasks_need_an_application():
    with pytest.raises(ValueError, match="those of an application"):
        progress.tasks(facts(without_application=True))


def test_the_exam_is_no_task_and_optional_rules_are_not_shown():
    keys = {row.key for row in progress.tasks(facts(samples.MENTOR))}
    assert "exam" not in keys


def test_nothing_begun():
    bare = facts(portfolio=PortfolioFacts(), memberships=(), application={"references": (), "signatures": ()})
    states = {row.key: row.state for row in progress.tasks(bare)}
    assert set(states.values()) == {TaskState.NOT_STARTED, TaskState.OPTIONAL}
    assert states.pop("selection") == TaskState.OPTIONAL
    assert set(states.values()) == {TaskState.NOT_STARTED}
    assert progress.next_task(progress.tasks(bare)).key == "membership"


def test_what_was_asked_comes_first_and_marks_its_part():
    asked = AskedFacts(uuid4(), "Add the agency", requirement="training", due_on=samples.TODAY)
    rows = progress.tasks(facts(application={"asked": (asked, replace(asked, uuid=uuid4(), done=True))}))
    assert [(row.section, row.state) for row in rows[:2]] == [
        (Section.ASKED, TaskState.NEEDS_CHANGES),
        (Section.ASKED, TaskState.COMPLETE),
    ]
    part = next(row for row in rows if row.key == "training")
    assert (part.state, part.hint) == (TaskState.NEEDS_CHANGES, "Add the agency")
    assert progress.next_task(rows) == rows[0]
    assert next(row for row in rows if row.key == "check").hint == "One thing is still missing"


def test_waiting_for_raters_names_who_and_since_when():
    asked = reference(
        "rsc_provider", "Tobias", endorsed=True, state=ReferenceState.OPENED, asked_on=datetime.date(2026, 5, 4)
    )
    later = reference("colleague", "Adaeze", state=ReferenceState.ASKED, asked_on=datetime.date(2026, 5, 6))
    row = task("references", facts(application={"references": (samples.RATERS[0], later, asked)}))
    assert (row.state, row.waiting_for, row.since, row.others) == (
        TaskState.WAITING, "Tobias", datetime.date(2026, 5, 4), 1,
    )  # fmt: skip


def test_too_few_raters_asked_is_work_to_do():
    asked = reference("rsc_provider", "Tobias", state=ReferenceState.ASKED)
    row = task("references", facts(application={"references": (samples.RATERS[0], asked)}))
    assert row.state == TaskState.IN_PROGRESS
    gone = reference("colleague", "Adaeze", state=ReferenceState.DECLINED)
    assert task("references", facts(application={"references": (gone,)})).state == TaskState.NOT_STARTED


def test_raters_who_would_not_be_enough_are_work_to_do():
    """Three are asked, and none of them is endorsed as the rule wants one to be."""
    asked = tuple(replace(rater, state=ReferenceState.ASKED, rating=None, standings=()) for rater in samples.RATERS)
    assert task("references", facts(application={"references": asked})).state == TaskState.IN_PROGRESS


def test_waiting_for_a_provider():
    row = task("rsc", with_sessions(session("s1", "sent", datetime.date(2026, 4, 2)), session("s2", "sent")))
    assert (row.state, row.waiting_for, row.since) == (
        TaskState.WAITING, "Tobias Fernhollow", datetime.date(2026, 4, 2),
    )  # fmt: skip


def test_sessions_that_are_not_sent_or_not_enough_are_work_to_do():
    assert task("rsc", with_sessions(session("s1", "logged"), session("s2", "logged"))).state == TaskState.IN_PROGRESS
    assert task("rsc", with_sessions(session("s1", "sent"))).state == TaskState.IN_PROGRESS
    assert task("rsc", with_sessions(session("s1", "confirmed"), session("s2", "confirmed"))).done


def test_waiting_for_a_coordinator():
    row = task("membership", facts(memberships=(samples.membership(state="pending"),)))
    assert (row.state, row.waiting_for, row.since) == (TaskState.WAITING, "your coordinator", None)


def test_a_met_group_settles_its_other_member():
    either = (
        rule("a", "training_hours", {"min": {"value": 900, "unit": "minutes"}, "group": "g"}, required=False),
        rule("b", "membership", {"group": "g"}, required=False),
    )
    category = replace(samples.CATEGORY, requirements=either)
    row = task("a", facts(category))
    assert (row.state, row.hint) == (TaskState.COMPLETE, "Not needed: another rule is enough.")
    assert [meter.key for meter in meters.meters(facts(category))] == []
    assert [meter.key for meter in meters.meters(facts(category, memberships=()))] == ["a"]


def test_two_rules_of_one_kind_keep_their_labels():
    two = (samples.TRAINING, replace(samples.TRAINING, key="more", label="More of it"))
    names = {row.key: row.name for row in progress.tasks(facts(replace(samples.CATEGORY, requirements=two)))}
    assert (names["training"], names["more"]) == ("training", "More of it")


def test_competencies_and_selection():
    none = TrainingFact("t9", datetime.date(2026, 1, 1), "Plain", 90, ages=("0-36",))
    assert task("competencies", facts(portfolio=PortfolioFacts(training=(none,)))).state == TaskState.NOT_STARTED
    other = replace(none, competencies=("SE.two",))
    row = task("competencies", facts(portfolio=PortfolioFacts(training=(other,))))
    assert (row.state, row.hint) == (TaskState.IN_PROGRESS, "One has nothing in it yet")
    left = facts(portfolio=samples.PORTFOLIO.without({"training": ["t1"]}))
    assert task("selection", left).hint == "1 entry is left out"


def test_nothing_to_do_when_everything_is_in_other_hands():
    waiting = tuple(replace(rater, state=ReferenceState.ASKED, rating=None) for rater in samples.RATERS)
    rows = progress.tasks(facts(application={"references": waiting}))
    assert progress.next_task(rows) is None
    assert progress.count(rows).waiting == 1
    step = _next_step(rows, str, "/hub/", Status.DRAFT)
    assert (step.title, step.href) == ("Nothing for you to do right now", "/hub/")


# --- Meters -----------------------------------------------------------------------------------------


def test_meters_measure_minutes_and_ratings():
    half = with_sessions(session("s1", "confirmed"), session("s2", "sent"))
    rows = {meter.key: (meter.kind, meter.counted, meter.logged, meter.needed) for meter in meters.meters(half)}
    assert rows == {"training": ("met", 60, 0, 60), "rsc": ("waiting", 60, 60, 120), "references": ("met", 3, 0, 3)}


def test_meters_without_an_application_or_entries():
    bare = facts(WITH_RSC, portfolio=PortfolioFacts(), without_application=True)
    assert {meter.key: meter.kind for meter in meters.meters(bare)} == dict.fromkeys(
        ["training", "rsc", "references"], "idle"
    )
    some = with_sessions(session("s1", "confirmed"))
    assert {meter.key: meter.kind for meter in meters.meters(some)}["rsc"] == "short"


def test_rules_without_a_measure_are_all_or_nothing():
    work = rule("work", "work", {"roles_any": ["direct_service"], "months_min": 24})
    rows = meters.meters(facts(replace(samples.CATEGORY, requirements=(work,))))
    assert [(meter.counted, meter.needed, meter.kind) for meter in rows] == [(0, 1, "idle")]


# --- Timeline ---------------------------------------------------------------------------------------


def change(target, hours):
    return timeline.Change("", target, samples.NOW + datetime.timedelta(hours=hours))


SENT, CHECKED, READ = change("submitted", 0), change("under_review", 1), change("reviewed", 2)


def kinds(status, *changes):
    return [step.kind for step in timeline.steps(status, changes, review_ends_on=samples.REVIEW_ENDS)]


def test_timeline():
    assert kinds(Status.DRAFT) == []
    assert kinds(Status.SUBMITTED, SENT) == ["done", "now", "next", "next", "next"]
    assert kinds(Status.UNDER_REVIEW, SENT, CHECKED) == ["done", "done", "now", "next", "next"]
    assert kinds(Status.REVIEWED, SENT, CHECKED, READ) == ["done", "done", "done", "now", "next"]
    assert kinds(Status.CHANGES_REQUESTED, SENT, change("changes_requested", 1)) == ["done", "now"]
    assert kinds(Status.ENDORSED, SENT, CHECKED, READ, change("endorsed", 3)) == ["done", "done", "done", "done"]
    exam = [SENT, CHECKED, READ, change("approved_for_exam", 3)]
    assert kinds(Status.APPROVED_FOR_EXAM, *exam) == ["done", "done", "done", "now", "next"]


def test_timeline_begins_with_the_last_submission():
    again = [SENT, CHECKED, change("changes_requested", 2), change("submitted", 3)]
    rows = timeline.steps(Status.SUBMITTED, again, review_ends_on=samples.REVIEW_ENDS)
    assert rows[0].at == again[-1].at
    assert rows[1].at == again[-1].at
    assert rows[-1].by == samples.REVIEW_ENDS


def test_a_review_without_history_still_reads():
    rows = timeline.steps(Status.REVIEWED, [SENT], review_ends_on=samples.REVIEW_ENDS)
    assert [row.at for row in rows] == [SENT.at, None, None, None, None]


def test_sentences_close():
    assert sentences("28 h of 30 h counted", "Log more.", "") == "28 h of 30 h counted. Log more."
