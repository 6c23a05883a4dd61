"""Attendance lists at the desk, in both themes, on a phone and on a desk."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from competencies.actions import rosters
from tests.browser.harness import DESK, PHONE, screenshot
from tests.factories.competencies import CourseFactory, CourseVersionFactory
from tests.factories.members import PersonFactory
from tests.house.world import second_factor


@pytest.fixture
def desk(site, association, coordinator):
    second_factor(coordinator)
    course = CourseFactory(association=association)
    CourseVersionFactory(course=course)
    return course


def waiting(course, by, rows):
    file = SimpleUploadedFile("list.csv", "\n".join(["Email,Name", *rows]).encode())
    return rosters.upload(course=course, on=timezone.localdate() - datetime.timedelta(days=3), file=file, by=by)


def test_every_page_of_a_list_is_clean(check_page, open_page, sign_in, desk, association, coordinator):
    cookies = sign_in(coordinator)
    PersonFactory(email="ada@example.org", with_user=True)
    good = waiting(desk, coordinator, ["ada@example.org,Ada Meadow", "nora@example.org,Nora New"])
    bad = waiting(desk, coordinator, ["nobody,Nils None"])
    index = reverse("coordination:rosters", args=[association.slug, desk.uuid])
    trial, faulty = (
        reverse("coordination:roster", args=[association.slug, desk.uuid, row.uuid]) for row in (good, bad)
    )
    for name, address in (("index", index), ("trial", trial), ("faults", faulty)):
        check_page(address, cookies=cookies)
        for width in (DESK, PHONE):
            visit = open_page(address, cookies=cookies, width=width)
            assert visit.small_targets() == []
            screenshot(visit.page, f"roster-{name}-{width}")
    rosters.confirm(roster=good, by=coordinator)
    check_page(trial, cookies=cookies)
