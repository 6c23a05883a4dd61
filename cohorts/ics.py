"""A cohort's dates as a calendar file. Every event names the same instant as the page and the mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from cohorts.models import Cohort, Milestone
from endorsement_portal.web.addresses import absolute

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(cohort: Cohort, milestones: Sequence[Milestone]) -> bytes:
    """The quarter's dates in UTC, which every calendar program shows in its owner's zone."""
    calendar = Calendar()
    calendar.add("prodid", "-//Endorsement//Cohort dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", cohort.name)
    dates = {
        "opens": (_("Seats can be reserved: %(cohort)s"), cohort.opens_at),
        "closes": (_("Enrollment closes: %(cohort)s"), cohort.closes_at),
        "deadline": (_("Applications close: %(cohort)s"), cohort.submission_deadline_at),
    }
    for key, (words, at) in dates.items():
        calendar.add_component(_event(cohort, key, words % {"cohort": cohort.name}, at))
    for milestone in milestones:
        if milestone.due_at != cohort.submission_deadline_at:
            words = f"{milestone.title}: {cohort.name}"
            calendar.add_component(_event(cohort, str(milestone.kind), words, milestone.due_at))
    return calendar.to_ical()


def _event(cohort: Cohort, key: str, words: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{cohort.uuid}-{key}@{settings.PUBLIC_ADDRESS.split('//')[-1].split('/')[0]}")
    event.add("dtstamp", cohort.updated_at)
    event.add("dtstart", at)
    event.add("dtend", at + timedelta(seconds=1))
    event.add("summary", words)
    event.add("description", _("Dates of this cohort are meant in the zone %(zone)s.") % {"zone": cohort.time_zone})
    event.add("url", absolute("cohort_page", cohort.uuid))
    return event
