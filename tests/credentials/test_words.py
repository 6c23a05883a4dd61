"""Codes, searchable names and last days: pure."""

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import codes, names, renewal

MODELS = {
    row["id"]: row
    for row in json.loads(
        (Path(__file__).resolve().parents[2] / "competencies/standards/renewal.json").read_text(encoding="utf-8")
    )["models"]
}


def test_codes_have_twelve_unmistakable_characters():
    made = {codes.new_code() for _number in range(200)}
    assert len(made) == 200
    assert {len(code) for code in made} == {12}
    assert set("".join(made)) <= set(codes.ALPHABET)
    assert set(codes.ALPHABET) & set("0O1ILU") == set()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7KMP-2QRS-TV9W", "7KMP2QRSTV9W"),
        (" 7kmp 2qrs tv9w ", "7KMP2QRSTV9W"),
        ("7KMP–2QRS\u00a0TV9W\x00", "7KMP2QRSTV9W"),
        ("ß", "SS"),
        ("", ""),
    ],
)
def test_what_is_typed_becomes_a_code(typed, code):
    assert codes.normalize(typed) == code


def test_a_code_is_shown_in_groups():
    assert codes.grouped("7KMP2QRSTV9W") == "7KMP-2QRS-TV9W"
    assert codes.normalize(codes.grouped("7KMP2QRSTV9W")) == "7KMP2QRSTV9W"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Zoë  Núñez", "zoe nunez"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("STRAßE", "strasse"),
        ("O’Brien", "o'brien"),
        (" Ægir Œdipe ", "aegir oedipe"),
    ],
)
def test_names_are_searched_without_accents(name, plain):
    assert names.searchable(name) == plain


@given(st.text(max_size=60))
def test_a_searchable_name_is_its_own_searchable_name(name):
    once = names.searchable(name)
    assert names.searchable(names.searchable(once)) == names.searchable(once)


def last_day(model, granted, association=""):
    terms = renewal.terms(MODELS[model], association)
    return renewal.valid_until(terms, datetime.date.fromisoformat(granted)).isoformat()


@pytest.mark.parametrize(
    ("model", "granted", "association", "expected"),
    [
        ("three_year_fixed", "2024-09-03", "", "2027-12-31"),
        ("three_year_fixed", "2025-01-01", "", "2027-12-31"),
        ("three_year_fixed", "2026-12-31", "", "2027-12-31"),
        ("three_year_fixed", "2027-01-01", "", "2030-12-31"),
        ("three_year_fixed", "2027-12-31", "", "2030-12-31"),
        ("three_year_fixed", "2020-02-29", "", "2024-12-31"),
        ("three_year_fixed", "2033-05-01", "", "2036-12-31"),
        ("three_year_fixed", "2036-05-01", "", "2039-12-31"),
        ("three_year_fixed", "2037-05-01", "", "2039-12-31"),
        ("annual", "2026-05-12", "", "2027-12-31"),
        ("annual", "2026-05-12", "US-SC", "2027-01-31"),
        ("annual", "2026-05-12", "AU-WA", "2027-06-30"),
    ],
)
def test_the_last_day_of_a_new_award(model, granted, association, expected):
    assert last_day(model, granted, association) == expected


@given(st.sampled_from(sorted(MODELS)), st.dates(datetime.date(2000, 1, 1), datetime.date(2090, 1, 1)))
def test_the_first_renewal_is_in_a_later_year_within_the_cycle(model, granted):
    terms = renewal.terms(MODELS[model])
    years = renewal.valid_until(terms, granted).year - granted.year
    assert years >= 1
    assert not terms.cycle_years or granted.year < terms.cycle_years[0] or years <= terms.cycle
