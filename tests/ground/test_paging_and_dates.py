"""Pages of a list, and days until an instant around the changes of the clocks."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endorsement_portal.web.dates import day_in, days_left, zoned
from endorsement_portal.web.paging import PageLink, page_of


def instant(text):
    return datetime.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        (None, 1),
        ("1", 1),
        ("4", 4),
        ("5", 4),
        ("0", 4),
        ("-1", 4),
        ("9" * 40, 4),
        ("x", 1),
        ("", 1),
        ("1.0", 1),
        ("\x00", 1),
    ],
)
def test_any_page_number_is_answered(rf, asked, number):
    request = rf.get("/list/", {} if asked is None else {"page": asked})
    assert page_of(range(100), request).number == number


def test_25_rows_and_the_filters_stay_in_the_address(rf):
    page = page_of(list(range(60)), rf.get("/list/", {"q": "a b", "page": "2"}))
    assert list(page) == list(range(25, 50))
    assert page.links == (
        PageLink(1, "?q=a+b&page=1", False),
        PageLink(2, "?q=a+b&page=2", True),
        PageLink(3, "?q=a+b&page=3", False),
    )


def test_far_pages_are_a_gap(rf):
    page = page_of(range(1000), rf.get("/list/", {"page": "20"}), per_page=10)
    assert [link.number for link in page.links] == [1, None, 19, 20, 21, None, 100]


def test_an_empty_list_has_one_page(rf):
    assert (len(page_of([], rf.get("/"))), len(page_of([], rf.get("/")).links)) == (0, 1)


CHICAGO = "America/Chicago"


@pytest.mark.parametrize(
    ("at", "now", "zone", "days"),
    [
        # 5:00 pm in Chicago: the day counts, not the hours
        ("2026-06-26T22:00:00+00:00", "2026-06-26T05:00:00+00:00", CHICAGO, 0),
        ("2026-06-26T22:00:00+00:00", "2026-06-26T04:59:59+00:00", CHICAGO, 1),
        ("2026-06-26T22:00:00+00:00", "2026-06-26T22:00:01+00:00", CHICAGO, 0),
        ("2026-06-26T22:00:00+00:00", "2026-06-27T05:00:00+00:00", CHICAGO, -1),
        # the night of 23 hours, March 8, 2026
        ("2026-03-09T05:00:00+00:00", "2026-03-08T06:00:00+00:00", CHICAGO, 1),
        ("2026-03-08T22:00:00+00:00", "2026-03-07T22:00:00+00:00", CHICAGO, 1),
        # the day of 25 hours, November 1, 2026
        ("2026-11-02T06:00:00+00:00", "2026-11-01T05:00:00+00:00", CHICAGO, 1),
        ("2026-11-02T05:59:59+00:00", "2026-11-01T05:00:00+00:00", CHICAGO, 0),
        # the same two instants are different days elsewhere
        ("2026-06-26T22:00:00+00:00", "2026-06-26T05:00:00+00:00", "Australia/Sydney", 1),
        ("2026-06-26T22:00:00+00:00", "2026-06-26T05:00:00+00:00", "Pacific/Kiritimati", 1),
        ("2028-03-01T12:00:00+00:00", "2028-02-28T12:00:00+00:00", "UTC", 2),
    ],
)
def test_days_left(at, now, zone, days):
    assert days_left(instant(at), instant(now), zone) == days


def test_zoned_is_the_same_instant_on_other_clocks():
    at = instant("2026-06-26T22:00:00+00:00")
    assert zoned(at, CHICAGO) == at
    assert zoned(at, CHICAGO).strftime("%H:%M %Z") == "17:00 CDT"
    assert day_in(at, "Australia/Sydney") == datetime.date(2026, 6, 27)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="offset"):
        zoned(datetime.datetime(2026, 1, 1), CHICAGO)


moments = st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2030, 1, 1), timezones=st.just(datetime.UTC))


@given(moments, moments, st.sampled_from([CHICAGO, "Europe/Dublin", "Australia/Lord_Howe", "UTC"]))
def test_days_left_turned_around(one, other, zone):
    assert days_left(one, other, zone) == -days_left(other, one, zone)
    assert days_left(one, one, zone) == 0
