"""What a seat still waits for before an application can begin on it."""

from __future__ import annotations

import datetime

from applications.evaluators import membership_wanted
from cohorts.models import Enrolment
from endorsement_portal.web.dates import day_in
from members.queries import membership_facts
from members.standing import covers


def wanted_membership(enrolment: Enrolment, now: datetime.datetime) -> str:
    """Why no application can begin yet on the side of the membership; empty when one counts today."""
    day = day_in(now, enrolment.cohort.time_zone)
    memberships = membership_facts(enrolment.person)
    return "" if covers(memberships, day) else "{}. {}".format(*membership_wanted(memberships, day))
