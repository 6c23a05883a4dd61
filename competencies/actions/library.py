"""The training library: courses published, corrected by new versions, retired; attendance turned into entries."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies import courses
from competencies.courses import CourseContent
from competencies.models import Course, CourseVersion, Training
from competencies.queries import library
from competencies.rules import is_own_person, may_edit_library
from endorsement_portal.audit import actions as audit
from endorsement_portal.workflow import Finding, LostRace, NotAllowed
from members.enums import Provenance
from members.models import Association, Person, User


@dataclass(frozen=True, slots=True)
class Attendance:
    """The entry of an attendance, and whether this call made it."""

    entry: Training
    new: bool


def publish(
    *,
    association: Association,
    title: str,
    organizer: str,
    content: CourseContent,
    valid_from: datetime.date,
    by: User,
) -> Course:
    """Offer a course from a day on. Refused for one of the same title and organizer, whose version is the way."""
    _refuse_outsiders(by, association)
    _refuse_faults(content)
    with transaction.atomic():
        course = Course(association=association, title=title, organizer=organizer)
        _save_name(course)
        version = _add_version(course, 1, content, valid_from, by)
        _record("library.course_published", course, by, version=version)
    return course


def revise(
    *,
    course: Course,
    title: str,
    organizer: str,
    content: CourseContent,
    valid_from: datetime.date,
    seen_number: int,
    by: User,
) -> Course:
    """Correct a course: a changed name stands at once, changed content becomes a version from its day on.

    Entries keep the version they were made from. Raises LostRace when somebody published a newer version first.
    """
    _refuse_outsiders(by, course.association)
    _refuse_faults(content)
    with transaction.atomic():
        newest = library.newest_version(course)
        if newest.number != seen_number:
            raise _newer_version()
        renamed = (course.title, course.organizer) != (title, organizer)
        changed = library.content_of(newest) != content
        if renamed:
            course.title, course.organizer = title, organizer
            _save_name(course)
            _record("library.course_renamed", course, by)
        if changed:
            _refuse_earlier(newest, valid_from)
            version = _add_version(course, newest.number + 1, content, valid_from, by)
            _record("library.version_published", course, by, version=version)
        if not (renamed or changed):
            raise NotAllowed.because(
                "unchanged", _("Nothing was changed."), fix=_("Change a field, or go back to the course.")
            )
    return course


def retire(*, course: Course, by: User) -> Course:
    """Offer it to nobody anew. Entries made from it keep it. Doing it twice does nothing."""
    return _switch(course, by, active=False)


def reactivate(*, course: Course, by: User) -> Course:
    return _switch(course, by, active=True)


def record_attendance(
    *,
    course_version: CourseVersion,
    person: Person,
    on: datetime.date,
    by: User,
    source: str,
    minutes: int | None = None,
) -> Attendance:
    """A ready training entry from the library: the same course, person and day make one entry, however often asked.

    A coordinator of the course's association confirms it; the person themself states it. `minutes`, in whole minutes,
    when it took another time than the course does. `source` says in the history where it came from ("roster", "self").
    An entry that is there already is left as its owner has it; a coordinator confirms it when it says the same.
    Raises NotAllowed for strangers, a retired course, a day in the future, or a version that does not apply on the day.
    """
    provenance = _provenance(course_version.course, person, by)
    key = _key(course_version.course, on)
    with transaction.atomic():
        found = library.attended(person, course_version.course, on, key)
        if found is not None:
            return Attendance(_confirmed(found, course_version, on, by, provenance), new=False)
        _refuse_unfit(course_version, on)
        values = _copied(course_version, minutes or course_version.minutes) | {"on": on, "key": key}
        try:
            entry = _add(person, by, values, course_version, source, provenance)
        except IntegrityError:
            found = library.attended(person, course_version.course, on, key)
            assert found is not None
            return Attendance(found, new=False)
    return Attendance(entry, new=True)


def hand_over(
    *, course_version: CourseVersion, person: Person, on: datetime.date, minutes: int | None = None
) -> Attendance:
    """An attendance that waited for its person's account. A coordinator vouched for it when the roster came, so it is
    confirmed, whatever became of the course since."""
    key = _key(course_version.course, on)
    with transaction.atomic():
        found = library.attended(person, course_version.course, on, key)
        if found is not None:
            return Attendance(found, new=False)
        values = _copied(course_version, minutes or course_version.minutes) | {"on": on, "key": key}
        return Attendance(_add(person, None, values, course_version, "roster", Provenance.CONFIRMED_HERE), new=True)


def _key(course: Course, on: datetime.date) -> str:
    return f"c-{course.uuid.hex}-{on:%Y%m%d}"


def _copied(version: CourseVersion, minutes: int) -> dict[str, Any]:
    """The course as an entry of this length: a part is never longer than the whole."""
    return {
        "title": version.course.title,
        "organizer": version.course.organizer,
        "minutes": minutes,
        "topics": list(version.topics),
        "topic_minutes": {topic: min(part, minutes) for topic, part in version.topic_minutes.items()},
        "ages": list(version.ages),
        "competencies": list(version.competencies),
        "course_version": version,
    }


def _add(
    person: Person, by: User | None, values: dict[str, Any], version: CourseVersion, source: str, provenance: Provenance
) -> Training:
    with transaction.atomic():
        entry = Training(person=person, provenance=provenance, **values)
        entry.save(force_insert=True)
        audit.record(
            verb="library.attended",
            obj=entry,
            by=by,
            data={"course": str(version.course.uuid), "number": version.number, "source": source, "as": provenance},
        )
    return entry


def _confirmed(
    entry: Training, version: CourseVersion, on: datetime.date, by: User, provenance: Provenance
) -> Training:
    """A coordinator's word for an entry that its owner stated with the same day and length."""
    same = entry.withdrawn_at is None and (entry.on, entry.minutes) == (on, version.minutes)
    if provenance != Provenance.CONFIRMED_HERE or entry.provenance != Provenance.STATED or not same:
        return entry
    Training.objects.filter(pk=entry.pk, version=entry.version).update(
        provenance=provenance, version=F("version") + 1, updated_at=timezone.now()
    )
    entry.refresh_from_db()
    audit.record(verb="library.attendance_confirmed", obj=entry, by=by, data={"course": str(version.course.uuid)})
    return entry


def _provenance(course: Course, person: Person, by: User) -> Provenance:
    """Staff confirm others' attendance, never their own."""
    if is_own_person(by, person):
        return Provenance.STATED
    _refuse_outsiders(by, course.association)
    return Provenance.CONFIRMED_HERE


def _refuse_unfit(version: CourseVersion, on: datetime.date) -> None:
    if not version.course.active:
        raise NotAllowed.because(
            "course", _("This course is retired."), fix=_("Log it as a training of your own, or ask your association.")
        )
    if on > timezone.now().date() + datetime.timedelta(days=1):  # no place is further ahead of UTC
        raise NotAllowed.because("on", _("This day has not come yet."))
    applies = library.version_on(version.course, on)
    if applies is None or applies.pk != version.pk:
        raise NotAllowed.because(
            "on",
            _("This version of the course does not apply on that day."),
            fix=_("Take the version of that day, or log it as a training of your own."),
        )


def _refuse_outsiders(by: User, association: Association) -> None:
    if not may_edit_library(by, association):
        raise NotAllowed.because("not_coordinator", _("Only coordinators of the association do this."))


def _refuse_faults(content: CourseContent) -> None:
    found = courses.faults(content, library.competency_names())
    if found:
        raise NotAllowed([Finding(fault.field, "library", met=False, message=fault.message) for fault in found])


def _refuse_earlier(newest: CourseVersion, valid_from: datetime.date) -> None:
    if valid_from < newest.valid_from:
        raise NotAllowed.because(
            "valid_from",
            _("The version before begins later, on %(day)s.") % {"day": newest.valid_from.isoformat()},
            fix=_("Choose that day or a later one."),
        )


def _newer_version() -> NotAllowed:
    return LostRace.because(
        "newer_version",
        _("Somebody published another version of this course while you were working on it."),
        fix=_("Look at it, then make your change again."),
    )


def _save_name(course: Course) -> None:
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError:
        raise NotAllowed.because(
            "title",
            _("The library has this course by this organizer already."),
            fix=_("Open it and publish a new version, or bring it back if it is retired."),
        ) from None


def _add_version(
    course: Course, number: int, content: CourseContent, valid_from: datetime.date, by: User
) -> CourseVersion:
    try:
        with transaction.atomic():
            return CourseVersion.objects.create(
                course=course,
                number=number,
                valid_from=valid_from,
                created_by=by,
                form=content.form,
                minutes=content.minutes,
                topics=list(content.topics),
                topic_minutes=dict(content.topic_minutes),
                ages=list(content.ages),
                competencies=list(content.competencies),
            )
    except IntegrityError:
        raise _newer_version() from None


def _switch(course: Course, by: User, *, active: bool) -> Course:
    _refuse_outsiders(by, course.association)
    with transaction.atomic():
        changed = Course.objects.filter(pk=course.pk, active=not active).update(
            active=active, updated_at=timezone.now()
        )
        if changed:
            _record("library.course_reactivated" if active else "library.course_retired", course, by)
    course.refresh_from_db()
    return course


def _record(verb: str, course: Course, by: User, version: CourseVersion | None = None) -> None:
    data = {"number": version.number, "valid_from": str(version.valid_from)} if version else {}
    audit.record(verb=verb, obj=course, by=by, chain=course.association.code, data=data)
