"""An uploaded edition is read whole or refused with every fault by its path; odd input never gets further."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from competencies.edition_bundle import BYTES_MAX, parsed, read_bundle
from competencies.standards_files import StandardsFault, read
from competencies.standards_specs import specs_of
from tests.fuzzing import FUZZ_EXAMPLES

FILES = read()
"""500 in the deep profile."""


def bundle(edit=lambda content: None) -> bytes:
    content = copy.deepcopy(FILES.content())
    edit(content)
    return json.dumps(content).encode()


def faults(raw: bytes) -> list[str]:
    with pytest.raises(StandardsFault) as caught:
        read_bundle(raw, FILES)
    return caught.value.faults


def test_the_files_themselves_are_a_bundle():
    assert read_bundle(bundle(), FILES) == FILES
    assert read_bundle(b"\xef\xbb\xbf" + bundle(), FILES).sha256() == FILES.sha256()
    whole = {**FILES.content(), "associations": FILES.associations, "renewal": FILES.renewal, "fees": FILES.fees}
    assert read_bundle(json.dumps(whole).encode(), FILES) == FILES


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "The file is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"\xff\xfe{}", "The file is not text in UTF-8."),
        (b"[" * 100_000, "The file is nested too deeply."),
        (b'{"a": NaN}', "The file is not JSON: NaN is not a number"),
        (b'{"a": 1e999}', "The file is not JSON: 1e999 is out of range"),
        (b'{"a": 1, "a": 2}', 'The file is not JSON: the key "a" stands twice in one object'),
        (b'{"a": "x\\u0000"}', "$.a: holds a character that cannot be stored"),
        (b'{"a": ["\\ud800"]}', "$.a[0]: holds a character that cannot be stored"),
        (b'{"\\u0000": 1}', "$: a key holds a character that cannot be stored"),
        (b"[]", "$: the file holds one object with the keys categories and competencies"),
        (b" " * (BYTES_MAX + 1), "The file is larger than 4 MB."),
    ],
)
def test_odd_files_are_refused_with_words(raw, fault):
    assert faults(raw) == [fault]


def test_moderate_depth_is_refused_too():
    assert [line.rpartition(": ")[2] for line in faults(b'{"a":' * 80 + b"1" + b"}" * 80)] == ["nested too deeply"]


def test_whole_numbers_are_integers():
    assert parsed(b"[24.0, 1.5, 3]") == [24, 1.5, 3]
    assert [type(value) for value in parsed(b"[24.0, 1.5, 3]")] == [int, float, int]


def test_missing_and_unknown_parts():
    assert faults(b'{"categories": {}, "editions": 1}') == [
        "$.competencies: is missing", "$.editions: no part of a standard has this name",
    ]  # fmt: skip


def edited(*path, value):
    def edit(content):
        place = content
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return edit


FIRST = ("categories", "categories", 0)


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (edited("categories", "ruleset", "effective_from", value="2026-02-30"),
         "categories.json $.ruleset.effective_from: there is no such day"),
        (edited("categories", "ruleset", "effective_from", value="0001-01-01"),
         "categories.json $.ruleset.effective_from: check the year"),
        (edited(*FIRST, "name", value="Infant Family Worker"),
         ("categories.json $.categories.IFA.name: only rules and the matrix change with an edition; it has to stay "
         '"Infant Family Associate"')),
        (edited(*FIRST, "code", value="IFX"),
         "categories.json $.categories.IFA: is missing; every edition has it"),
        (edited("categories", "licenses", 0, "name", value="x"),
         ("categories.json $.licenses[0].name: only rules and the matrix change with an edition; it has to stay "
         '"Infant Mental Health Endorsement"')),
        (edited("competencies", "areas", value=[]), "competencies.json $.areas: only rules and the matrix"),
        (edited(*FIRST, "requirements", 2, "params", "min", "value", value=0.001),
         "categories.json IFA training: 0.001 clock_hours is not a whole number of minutes"),
        (edited(*FIRST, "requirements", 4, "params", "count", value=2),
         "categories.json IFA references: 2 ratings are asked, and 3 slots are described"),
        (edited(*FIRST, "requirements", 1, "params", "ages_overlap", value={"min_months": 9, "max_months": 3}),
         "categories.json IFA education_or_experience.work: ages_overlap ends before it begins"),
        (edited("competencies", "matrix", 1, "category", value="IFA"), "competencies.json matrix: IFA stands twice"),
        (edited("categories", "categories", 1, "requirements", value=[]),
         "categories.json $.categories[1].requirements: []"),
    ],
)  # fmt: skip
def test_faults_name_their_place(edit, fault):
    assert any(line.startswith(fault) for line in faults(bundle(edit))), faults(bundle(edit))


def test_a_period_that_ends_before_it_begins():
    def edit(content):
        rule = next(row for row in content["categories"]["categories"][1]["requirements"] if row["key"] == "rsc")
        rule["params"]["qualifying_providers"] = [{"from": "2026-01-02", "to": "2026-01-01", "codes": ["IMHM-C"]}]

    assert faults(bundle(edit)) == ["categories.json IFS rsc: a period of qualifying_providers ends before it begins"]


def test_a_new_category_and_a_new_field_are_new():
    def edit(content):
        rows = content["categories"]["categories"]
        rows.append({**copy.deepcopy(rows[0]), "code": "IFZ", "slug": "ifz"})

    assert faults(bundle(edit)) == [
        "categories.json $.categories.IFZ: is new; only rules and the matrix change with an edition"
    ]


leaves = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
junk = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value, path=()):
    """Every place in the bundle that could be damaged."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


PLACES = [path for path in places(FILES.content()) if path]


@given(path=st.sampled_from(PLACES), value=junk)
@hypothesis_settings(max_examples=FUZZ_EXAMPLES)
def test_a_damaged_edition_is_taken_whole_or_refused_with_words(path, value):
    """Whatever stands in one place: a standard that every page can read, or faults; never another error."""
    taken, said = _read(bundle(edited(*path, value=value)))
    assert (taken is None) is bool(said)
    assert all(isinstance(fault, str) and fault for fault in said)
    if taken is not None:
        assert taken.content()["competencies"]["competencies"] == FILES.competencies["competencies"]
        assert len(specs_of(taken)) == len(specs_of(FILES))


def _read(raw: bytes):
    try:
        return read_bundle(raw, FILES), []
    except StandardsFault as refused:
        return None, refused.faults


@given(st.binary(max_size=400) | junk.map(lambda value: json.dumps(value).encode()))
@hypothesis_settings(max_examples=FUZZ_EXAMPLES)
def test_any_bytes_are_refused_with_words(raw):
    assert all(isinstance(fault, str) and fault for fault in faults(raw))
