"""Rating rules: slots, limits, contradiction, validity. No database."""

import datetime

import pytest

from applications.enums import Recommendation
from applications.rating_rules import (
    CONTRADICTION,
    INVITATIONS_PER_DAY,
    Draft,
    Named,
    ReferenceRule,
    SlotRule,
    add_months,
    contradicts,
    may_resend,
    naming_findings,
    needs_vetting,
    not_enough,
    parse_rule,
    sending_findings,
    valid_until,
)
from applications.rating_texts import STATEMENTS, statement

TODAY = datetime.date(2026, 5, 12)
NOW = datetime.datetime(2026, 5, 12, 17, 0, tzinfo=datetime.UTC)
RULE = ReferenceRule(
    count=3,
    slots=(
        SlotRule(frozenset({"current_supervisor"})),
        SlotRule(frozenset({"rsc_provider"})),
        SlotRule(frozenset({"colleague", "teacher", "current_supervisor"})),
    ),
)
PARAMS = {
    "count": 2,
    "slots": [{"slot": 1, "who": ["rsc_provider"], "endorsed_only": True}, {"slot": 2, "who": ["supervisee"]}],
    "form": {
        "not_enough_information_max": 5,
        "valid_for": {"value": 1, "unit": "years"},
        "rater_known_applicant_min": None,
    },
}


def named(**values):
    return Named(
        **{
            "email": "tobias@example.org",
            "slot": "colleague",
            "known_since": datetime.date(2020, 1, 1),
            "today": TODAY,
            "own_emails": frozenset({"maren@example.org"}),
            "other_emails": frozenset(),
            "open_roles": ("current_supervisor", "rsc_provider", "colleague", "teacher"),
            "nobody_wanted": "You have named everybody who is asked for.",
            "named_last_day": 0,
            **values,
        }
    )


def reasons(**values):
    return [(finding.requirement, finding.blocking) for finding in naming_findings(RULE, named(**values))]


def test_rule_is_read_from_published_parameters():
    assert parse_rule(PARAMS) == ReferenceRule(
        count=2,
        slots=(SlotRule(frozenset({"rsc_provider"}), True), SlotRule(frozenset({"supervisee"}))),
        not_enough_max=5,
        valid_months=12,
        known_months=0,
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"email": "maren@example.org"}, [("own_address", True)]),
        ({"other_emails": frozenset({"tobias@example.org"})}, [("already_named", True)]),
        ({"open_roles": ("rsc_provider",)}, [("slot_filled", True)]),
        ({"slot": "parent"}, [("slot_filled", True)]),
        ({"open_roles": ()}, [("enough_named", True)]),
        ({"named_last_day": INVITATIONS_PER_DAY}, [("too_many_today", True)]),
        ({"named_last_day": INVITATIONS_PER_DAY - 1}, []),
        ({"known_since": datetime.date(2025, 5, 12)}, []),
        ({"known_since": datetime.date(2025, 5, 13)}, [("known_too_short", False)]),
    ],
)
def test_naming_is_refused_or_hinted(values, expected):
    assert reasons(**values) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (datetime.date(2026, 4, 29), 12, datetime.date(2027, 4, 29)),
        (datetime.date(2024, 2, 29), 12, datetime.date(2025, 2, 28)),
        (datetime.date(2026, 8, 31), 6, datetime.date(2027, 2, 28)),
        (datetime.date(2026, 12, 1), 1, datetime.date(2027, 1, 1)),
        (datetime.date(2026, 1, 31), 0, datetime.date(2026, 1, 31)),
    ],
)
def test_months_end_with_their_own_last_day(day, months, expected):
    assert add_months(day, months) == expected


def test_a_rating_is_valid_for_a_year():
    assert valid_until(TODAY, RULE) == datetime.date(2027, 5, 12)


@pytest.mark.parametrize(("hours", "expected"), [(None, True), (23, False), (24, True), (25, True)])
def test_resending_once_a_day(hours, expected):
    asked = None if hours is None else NOW - datetime.timedelta(hours=hours)
    assert may_resend(asked, NOW) is expected


@pytest.mark.parametrize(
    ("slot", "known", "endorsed", "expected"),
    [
        ("supervisee", datetime.date(2020, 1, 1), False, False),
        ("supervisee", datetime.date(2026, 1, 1), False, True),
        ("rsc_provider", datetime.date(2020, 1, 1), False, True),
        ("rsc_provider", datetime.date(2020, 1, 1), True, False),
    ],
)
def test_who_needs_vetting(slot, known, endorsed, expected):
    rule = ReferenceRule(2, (SlotRule(frozenset({"rsc_provider"}), True), SlotRule(frozenset({"supervisee"}))))
    assert needs_vetting(rule, slot=slot, known_since=known, asked_on=TODAY, endorsed=endorsed) is expected


@pytest.mark.parametrize(
    ("none", "items", "expected"),
    [
        (0, 15, (0, 5, False, False)),
        (3, 15, (3, 5, False, False)),
        (4, 15, (4, 5, False, True)),
        (5, 15, (5, 5, False, True)),
        (6, 15, (6, 5, True, False)),
        (3, 4, (3, 3, False, True)),
        (4, 4, (4, 3, True, False)),
        (0, 0, (0, 0, False, False)),
    ],
)
def test_not_enough_information(none, items, expected):
    found = not_enough([None] * none + [3] * (items - none), items=items, rule=RULE)
    assert (found.count, found.most, found.over, found.near) == expected


@pytest.mark.parametrize(
    ("recommendation", "values", "expected"),
    [
        ("yes", [2, 3], False),
        ("yes", [2, 2], True),
        ("yes", [2, 3, None], False),
        ("yes", [None], False),
        ("no", [3, 3], False),
        ("no", [3, 4], True),
        ("with_reservations", [1, 1], False),
        ("with_reservations", [4, 4], False),
        ("", [1], False),
    ],
)
def test_contradiction(recommendation, values, expected):
    assert contradicts(recommendation, values) is expected


def test_each_recommendation_has_its_line():
    assert set(CONTRADICTION) == set(Recommendation)


def draft(**values):
    return Draft(
        **{
            "items": ("a", "b"),
            "answers": {"a": 4, "b": None},
            "recommendation": "yes",
            "typed_name": "Ines Larkmoor",
            "explanation": "",
            "explanation_asked": False,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"answers": {"a": 4}}, ["item:b"]),
        ({"answers": {}}, ["item:a", "item:b"]),
        ({"answers": {"a": None, "b": None}}, ["not_enough"]),
        ({"recommendation": ""}, ["recommendation"]),
        ({"typed_name": "  "}, ["typed_name"]),
        ({"answers": {"a": 1, "b": 1}}, ["explanation"]),
        ({"answers": {"a": 1, "b": 1}, "explanation_asked": True}, []),
        ({"recommendation": "no", "answers": {"a": 4, "b": 4}, "typed_name": ""}, ["explanation", "typed_name"]),
    ],
)
def test_what_is_missing_before_a_rating_can_go(values, expected):
    assert [finding.requirement for finding in sending_findings(draft(**values), RULE)] == expected


def test_statements_fall_back_to_the_stored_text():
    assert statement("WWO.relationships", "x") == str(STATEMENTS["WWO.relationships"])
    assert statement("XX.unknown", "Stored text") == "Stored text"
