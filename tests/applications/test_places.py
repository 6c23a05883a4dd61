"""Each place that a finding names leads somewhere."""

from uuid import UUID

import pytest
from django.urls import reverse

from applications import places
from competencies.enums import EntryKind

UUID_7 = UUID(int=7)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("sign:ethics", reverse("applications:sign", args=[UUID_7, "ethics"])),
        *((place, reverse(name, args=[UUID_7])) for place, name in places.OF_APPLICATION.items()),
        *((place, reverse(name, args=args)) for place, (name, args) in places.ANYWHERE.items()),
        ("matrix", reverse("matrix", args=["ifs"])),
        ("declaration", ""),
        ("", ""),
    ],
)
def test_places(where, expected):
    assert places.addresses(UUID_7, "ifs")(where) == expected


@pytest.mark.parametrize("where", ["sign:ethics", "hub", "references", "matrix"])
def test_places_of_an_application_need_one(where):
    assert places.address(where) == ""


def test_an_unknown_address_is_words_only():
    assert places.address("matrix", category_slug="no/such") == ""
    assert {kind.value for kind in EntryKind} <= set(places.ANYWHERE)
