"""Rosters as the desk and their own action read them: who finds an entry, who has it already, who is invited."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.attendance import Attendee, read_roster
from competencies.enums import ImportState
from competencies.log_import.columns import from_data
from competencies.log_import.row_reader import Fault
from competencies.models import Course, CourseVersion, Roster, Training, WaitingAttendance
from endorsement_portal.sheets.intake import table_of
from endorsement_portal.sheets.table import Table
from endorsement_portal.web.dates import day_in
from members.models import Association, Person
from members.queries import zone_of

KEPT_FOR = datetime.timedelta(hours=24)
"""How long a file waits for its coordinator."""


@dataclass(frozen=True, slots=True)
class RosterTrial:
    """What a roster would do. With any fault it does nothing at all."""

    known: tuple[Attendee, ...]
    """They have an account and find a confirmed entry."""
    there: tuple[Attendee, ...]
    """Their attendance stands already, or stands twice in the file."""
    unknown: tuple[Attendee, ...]
    """Nobody has an account with this address: they are invited."""
    faults: tuple[Fault, ...]

    @property
    def faulty_rows(self) -> int:
        return len({fault.row for fault in self.faults})


def rosters_of(association: Association, course: Course) -> "QuerySet[Roster]":
    rows = Roster.objects.of(association).filter(course=course)
    return rows.select_related("course__association", "created_by__person", "file")


def one(association: Association, course: uuid.UUID, roster: uuid.UUID) -> Roster | None:
    rows = Roster.objects.of(association).filter(course__uuid=course, uuid=roster)
    return rows.select_related("course__association", "created_by__person", "file").first()


def table_for(roster: Roster) -> Table:
    assert roster.file is not None
    return table_of(roster.file)


def trial(roster: Roster, *, now: datetime.datetime | None = None) -> RosterTrial:
    """Six queries, whatever the number of rows."""
    today = day_in(now or timezone.now(), zone_of(roster.course.association))
    reading = read_roster(table_for(roster), from_data(roster.columns), day=roster.on, today=today)
    begins = first_day(roster.course)
    early = tuple(_too_early(row, begins) for row in reading.attendees if row.on < begins)
    people = known_people(roster)
    there = _standing(roster.course)
    fresh = [row for row in reading.attendees if (row.email, row.on) not in there]
    return RosterTrial(
        known=tuple(row for row in fresh if row.email in people),
        there=(*(row for row in reading.attendees if (row.email, row.on) in there), *reading.repeated),
        unknown=tuple(row for row in fresh if row.email not in people),
        faults=(*reading.faults, *early),
    )


def tab(found: RosterTrial, wanted: str) -> tuple[str, Sequence[Any]]:
    """The list asked for; else the one that needs the coordinator most."""
    lists: dict[str, Sequence[Any]] = {
        "faults": found.faults,
        "known": found.known,
        "unknown": found.unknown,
        "there": found.there,
    }
    name = wanted if lists.get(wanted) else next((name for name, lines in lists.items() if lines), "known")
    return name, lists[name]


def known_people(roster: Roster) -> dict[str, Person]:
    """Address -> person, of those in the roster who have an account."""
    place = from_data(roster.columns).places["email"]
    wanted = {row.cell(place).text.strip().lower() for row in table_for(roster).rows}
    return {
        person.email: person
        for person in Person.objects.filter(user__isnull=False, email__in=wanted).select_related("user")
    }


def _standing(course: Course) -> set[tuple[str, datetime.date]]:
    """Address and day of everybody whose attendance of this course is written down, withdrawn ones too."""
    entries = Training.objects.filter(course_version__course=course).values_list("person__email", "on")
    waiting = WaitingAttendance.objects.filter(course=course).values_list("email", "on")
    return {*entries, *waiting}


def first_day(course: Course) -> datetime.date:
    day: datetime.date = (
        CourseVersion.objects.filter(course=course).order_by("number").values_list("valid_from", flat=True)[0]
    )
    return day


def _too_early(row: Attendee, begins: datetime.date) -> Fault:
    message = _("The course is in the library from %(day)s on.") % {"day": begins.isoformat()}
    return Fault(row.number, "", str(_("Date")), row.on.isoformat(), message)


def waiting_for(email: str) -> "QuerySet[WaitingAttendance]":
    """Attendances that nobody has claimed yet."""
    rows = WaitingAttendance.objects.filter(email=email, claimed_at__isnull=True)
    return rows.select_related("course_version__course__association")


def stale(now: datetime.datetime) -> "QuerySet[Roster]":
    rows = Roster.objects.filter(state=ImportState.READ, created_at__lte=now - KEPT_FOR)
    return rows.select_related("course__association", "file", "created_by")
