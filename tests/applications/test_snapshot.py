"""A snapshot: canonical, closed to floats, read back only in its own format."""

import datetime
import json
from dataclasses import fields, replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import snapshot
from endorsement_portal.workflow import CountedEntry, Finding, Part, UncountedEntry

AT = datetime.datetime(2026, 5, 12, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
FINDING = Finding(
    requirement="rsc",
    kind="rsc_hours",
    met=False,
    message="18 h 30 min of 24 h counted",
    have_minutes=1110,
    need_minutes=1440,
    short_minutes=330,
    parts=(Part("core", 1, 2, False),),
    counted=(CountedEntry("s1", 60),),
    uncounted=(UncountedEntry("s7", 120, "provider_not_qualified_on_date", "2025-02-03"),),
    checks=("Read it",),
)
PARTS = snapshot.Parts(
    application={"uuid": UUID(int=7), "number": 1, "asks_emerging": False},
    submitted_at=AT,
    category={"code": "IFS"},
    association={"code": "XX-PR"},
    cohort={"review_ends_on": datetime.date(2026, 9, 18)},
    edition={"code": "iecmh-2025"},
    overlay=None,
    portfolio={"member": {"name": "José"}},
    left_out={"training": ["t1"]},
    confirmations=({"entry": "s1"},),
    memberships=(),
    signatures=(),
    declaration={"text": "I state"},
    findings=(FINDING,),
    coverage=(),
    references={"received": 3, "needed": 3},
    files=(),
    answers=(),
)


def test_canonical_text_and_digest():
    made = snapshot.build(PARTS)
    text = snapshot.canonical(made)
    assert set(made) == {field.name for field in fields(snapshot.Parts)} | {"format"}
    assert text.startswith('{"answers":[],"application":{"asks_emerging":false,"number":1,"uuid":')
    assert made["submitted_at"] == "2026-05-12T17:00:00+00:00"
    assert made["cohort"] == {"review_ends_on": "2026-09-18"}
    assert "José" in text
    assert snapshot.digest(text) == snapshot.digest(snapshot.canonical(snapshot.build(replace(PARTS))))
    assert snapshot.read(text) == made
    assert made["findings"][0]["uncounted"] == [
        {"entry": "s7", "minutes": 120, "reason": "provider_not_qualified_on_date", "detail": "2025-02-03"}
    ]


@pytest.mark.parametrize("value", [1.5, object(), {"a": 2.0}, [b"x", 0.1]])
def test_what_has_no_single_spelling_is_refused(value):
    with pytest.raises(TypeError):
        snapshot.plain(value)


def test_another_format_is_refused():
    with pytest.raises(ValueError, match="Not endorsement-submission/1"):
        snapshot.read('{"format": "endorsement-submission/2"}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_the_order_of_keys_does_not_matter(value):
    backwards = dict(reversed(list(value.items())))
    text = snapshot.canonical(snapshot.plain(value))
    assert text == snapshot.canonical(snapshot.plain(backwards))
    assert json.loads(text) == snapshot.plain(value)
