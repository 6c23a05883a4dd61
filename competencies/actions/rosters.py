"""Attendance lists of a course: who has an account finds a confirmed entry, everybody else is invited to one."""

import datetime
import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.actions import library
from competencies.attendance import FIELDS, Attendee, open_questions
from competencies.enums import ImportState
from competencies.log_import.columns import guess
from competencies.models import Course, Roster, Training, WaitingAttendance
from competencies.queries import rosters as queries
from competencies.queries.library import version_on
from competencies.rules import may_edit_library
from endorsement_portal.audit import actions as audit
from endorsement_portal.files import storing
from endorsement_portal.outbox import actions as outbox
from endorsement_portal.outbox.recipients import Recipient
from endorsement_portal.sheets import intake
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import Person, User
from members.queries import recipient

ROWS_MAX = 1000


def upload(*, course: Course, on: datetime.date, file: UploadedFile, by: User) -> Roster:
    """Read an attendance list and keep its table for a day. Raises sheets.SheetRefused or files.Refused."""
    _refuse_outsiders(course, by)
    if not course.active:
        raise NotAllowed.because("course", _("This course is retired."), fix=_("Offer it again first."))
    with transaction.atomic():
        found, stored = intake.receive(file, by=by)
        columns = guess(FIELDS, found.table)
        for question in open_questions(found.table, columns):
            raise NotAllowed.because("file", question)
        rows = len(found.table.rows)
        if rows > ROWS_MAX:
            raise NotAllowed.because(
                "file", _("There are more than %(limit)d rows.") % {"limit": ROWS_MAX}, fix=_("Split the list.")
            )
        roster = Roster.objects.create(
            course=course,
            on=on,
            file=stored,
            file_name=found.name,
            sha256=found.sha256,
            row_count=rows,
            columns=columns.as_data(),
            created_by=by,
        )
        _record("roster.uploaded", roster, by, rows=rows, sha256=found.sha256)
    return roster


def confirm(*, roster: Roster, by: User, now: datetime.datetime | None = None) -> Roster:
    """All rows or none. Importing the same list again makes nothing and writes to nobody."""
    _refuse_outsiders(roster.course, by)
    moment = now or timezone.now()
    _refuse_over(roster)
    found = queries.trial(roster, now=moment)
    _refuse_faults(found)
    people = queries.known_people(roster)
    stored = roster.file
    assert stored is not None
    with transaction.atomic():
        _change(roster, state=ImportState.DONE, file=None, finished_at=moment)
        made = sum(_attend(roster, row, people[row.email], by) for row in found.known)
        invited = sum(_invite(roster, row) for row in found.unknown)
        there = len(found.there) + len(found.known) - made + len(found.unknown) - invited
        _count(roster, made=made, invited=invited, there_already=there)
        storing.discard(stored)
        _record("roster.imported", roster, by, made=made, invited=invited, there_already=there)
    return roster


def _attend(roster: Roster, row: Attendee, person: Person, by: User) -> bool:
    version = version_on(roster.course, row.on)
    assert version is not None, "the trial has seen to it"
    attendance = library.record_attendance(
        course_version=version, person=person, on=row.on, by=by, source="roster", minutes=row.minutes
    )
    if attendance.new:
        _tell(attendance.entry, roster)
    return attendance.new


def _tell(entry: Training, roster: Roster) -> None:
    """N25: once for each roster and person."""
    outbox.post(
        key=f"roster:{roster.uuid}:{entry.person.uuid}:{entry.on}",
        kind="attendance_recorded",
        template="attendance_recorded",
        to=recipient(entry.person),
        context={
            "course": entry.title,
            "association": roster.course.association.name,
            "on": entry.on,
            "minutes": entry.minutes,
            "address": absolute("portfolio:edit", "training", entry.uuid),
        },
        scope=roster.course.association.code,
        required=False,
    )


def _invite(roster: Roster, row: Attendee) -> bool:
    """One mail for each course, day and address, however often the list comes. True when it is new."""
    version = version_on(roster.course, row.on)
    assert version is not None, "the trial has seen to it"
    _waiting, new = WaitingAttendance.objects.get_or_create(
        course=roster.course,
        on=row.on,
        email=row.email,
        defaults={"roster": roster, "course_version": version, "name": row.name, "minutes": row.minutes},
    )
    if new:
        digest = hashlib.sha256(row.email.encode()).hexdigest()[:32]
        outbox.post(
            key=f"attendance:{roster.course.uuid}:{row.on}:{digest}",
            kind="attendance_waiting",
            template="attendance_waiting",
            to=Recipient(email=row.email, name=row.name or row.email),
            context={
                "course": roster.course.title,
                "association": roster.course.association.name,
                "on": row.on,
                "minutes": row.minutes or version.minutes,
                "email": row.email,
                "address": absolute("account_signup"),
            },
            scope=roster.course.association.code,
        )
    return new


def claim(*, person: Person, now: datetime.datetime | None = None) -> int:
    """What waited for this address becomes entries of the person whose account has proved it; how many."""
    moment = now or timezone.now()
    claimed = 0
    with transaction.atomic():
        for waiting in queries.waiting_for(person.email):
            taken = WaitingAttendance.objects.filter(pk=waiting.pk, claimed_at__isnull=True)
            if not taken.update(claimed_at=moment, updated_at=moment):
                continue
            attendance = library.hand_over(
                course_version=waiting.course_version, person=person, on=waiting.on, minutes=waiting.minutes
            )
            WaitingAttendance.objects.filter(pk=waiting.pk).update(entry=attendance.entry)
            claimed += 1
    return claimed


def put_aside(*, roster: Roster, by: User | None, now: datetime.datetime | None = None) -> Roster:
    """Forget a list that was not taken over. `by=None` is the daily sweep."""
    if by is not None:
        _refuse_outsiders(roster.course, by)
    if roster.state == ImportState.DROPPED:
        return roster
    _refuse_over(roster)
    stored = roster.file
    assert stored is not None
    with transaction.atomic():
        _change(roster, state=ImportState.DROPPED, file=None, finished_at=now or timezone.now())
        storing.discard(stored)
        _record("roster.put_aside", roster, by)
    return roster


def put_aside_stale(*, now: datetime.datetime | None = None) -> int:
    moment = now or timezone.now()
    rows = list(queries.stale(moment))
    for roster in rows:
        put_aside(roster=roster, by=None, now=moment)
    return len(rows)


def _refuse_faults(found: queries.RosterTrial) -> None:
    if found.faults:
        rows = found.faulty_rows
        words = ngettext("%(n)d row cannot be read.", "%(n)d rows cannot be read.", rows) % {"n": rows}
        raise NotAllowed.because("roster_has_faults", words, fix=_("Correct the list and upload it again."))
    if not (found.known or found.unknown):
        raise NotAllowed.because("nothing_new", _("Everybody on this list has their attendance already."))


def _refuse_over(roster: Roster) -> None:
    if roster.state != ImportState.READ or roster.file is None:
        raise NotAllowed.because(
            "roster_is_over", _("This list is not waiting any more."), fix=_("Upload it again if it is needed.")
        )


def _refuse_outsiders(course: Course, by: User) -> None:
    if not may_edit_library(by, course.association):
        raise NotAllowed.because("not_coordinator", _("Only coordinators of the association do this."))


def _change(roster: Roster, **values: object) -> None:
    rows = Roster.objects.filter(pk=roster.pk, state=ImportState.READ)
    if not rows.update(**values, updated_at=timezone.now()):
        raise LostRace.because("roster_moved_on", _("This list was changed in another window."), fix=_("Look again."))
    roster.refresh_from_db()


def _count(roster: Roster, **counts: int) -> None:
    Roster.objects.filter(pk=roster.pk).update(**counts)
    roster.refresh_from_db()


def _record(verb: str, roster: Roster, by: User | None, **data: object) -> None:
    chain = roster.course.association.code
    audit.record(verb=verb, obj=roster, by=by, chain=chain, data={"course": str(roster.course.uuid), **data})
