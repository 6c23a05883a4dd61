"""Whole files for tests: a log of 400 trainings, the faults to plant in it, and a canonical dump of a portfolio."""

import datetime
import json
from typing import Any

from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile

from competencies.models import (
    Education,
    Evidence,
    ProfessionalLicense,
    SignOff,
    SignOffLine,
    SignOffRequest,
    Standing,
    Supervision,
    Training,
    Work,
)
from endorsement_portal.sheets import writing
from members.models import Person

HEADINGS = ["Date", "Course", "Hours", "About", "Who offered it", "DEI hours", "Ages"]
FIRST_DAY = datetime.date(2020, 1, 1)
PLANTED: dict[int, tuple[int, str, str, str]] = {
    # row of the file: (column, what stands there, its letter and heading, beginning of the message)
    17: (0, "2024-02-30", "A Date", "There is no such day in the calendar."),
    33: (0, "soon", "A Date", "Write the date as"),
    58: (0, "2031-01-01", "A Date", "This day has not come yet."),
    90: (1, "", "B Course", "This is missing."),
    111: (1, "x" * 201, "B Course", "It has 201 characters."),
    150: (2, "a while", "C Hours", "Write the length as"),
    199: (2, "1.333", "C Hours", "That is not a whole number of minutes."),
    222: (2, "0", "C Hours", "The length must be at least one minute."),
    260: (3, "babies", "D About", "Write core, rsc or dei."),
    301: (5, "99", "F DEI hours", "A part cannot be longer than the whole."),
    350: (6, "teenagers", "G Ages", "Write 0-36, 37-71 or both."),
    401: (0, "=TODAY()", "A Date", "This cell holds a formula."),
}


def rows(count: int) -> list[list[str]]:
    return [
        [
            (FIRST_DAY + datetime.timedelta(days=number % 2000)).isoformat(), f"Training {number}", "1.5",
            "core" if number % 2 else "", "Prairie Rivers", "0.5" if number % 5 == 0 else "", "both",
        ]
        for number in range(count)
    ]  # fmt: skip


def with_faults(good: list[list[str]]) -> list[list[str]]:
    """The same rows with the twelve faults in them. The headings are row 1."""
    bad = [list(row) for row in good]
    for number, (column, value, *_words) in PLANTED.items():
        bad[number - 2][column] = value
    return bad


def file_of(data: list[list[str]], name: str = "log.csv", headings: list[str] | None = None) -> SimpleUploadedFile:
    """As a person's own spreadsheet would write it: formulas stay formulas."""
    return SimpleUploadedFile(name, "\r\n".join(",".join(row) for row in [headings or HEADINGS, *data]).encode())


def workbook_of(data: list[list[Any]], name: str = "log.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, writing.xlsx_bytes(HEADINGS, data, sheet="Log"))


def dump(person: Person) -> str:
    """Every row of the portfolio of a person, and of the people their sessions name: equal texts, equal rows."""
    own = {"person": person}
    querysets = [model.objects.filter(**own) for model in (Education, ProfessionalLicense, Work, Training, Supervision)]
    querysets += [
        Evidence.objects.filter(**own),
        Standing.objects.filter(**own),
        SignOffLine.objects.filter(session__person=person),
        SignOff.objects.filter(lines__session__person=person),
        SignOffRequest.objects.all(),
        Person.objects.all(),
    ]
    return json.dumps([json.loads(serializers.serialize("json", rows.order_by("pk"))) for rows in querysets])
