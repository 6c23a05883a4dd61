"""Portfolios that meet the portfolio rules of a category, as values for the portfolio's own action.

One rich portfolio serves every category of a license: what a category does not ask for does no harm. Dates are days
before today, so that the same portfolio is good on any day.
"""

import datetime
from collections.abc import Iterator
from html import escape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from competencies.enums import EntryKind
from competencies.models import CategoryCompetency
from endorsement_portal.files.rendering import render_pdf
from members.models import Person

Values = dict[str, Any]
SESSION_MINUTES = 120
SESSIONS = 30
"""60 hours in all: more than any category asks for."""
ABOUT_OWN_PROVISION = 15
"""30 hours of them about the RSC the person gives."""
TRAINING_PLAN = (("core", 6, 480), ("rsc", 4, 300), ("dei", 2, 240))
"""Topic, how many trainings, minutes of each: 48 h, 20 h and 8 h."""


def ages_of(license_code: str) -> list[str]:
    return ["0-36"] if license_code == "IMH-E" else ["37-71"]


def entries(
    *, today: datetime.date, license_code: str, category_code: str, provider: Person
) -> Iterator[tuple[EntryKind, Values]]:
    """Education, professional license, work, trainings over every competency of the category, and sessions."""
    ages = ages_of(license_code)

    def before(days: int) -> datetime.date:
        return today - datetime.timedelta(days=days)

    yield EntryKind.EDUCATION, {
        "level": "master", "field": "Social work", "institution": "Sandhill University", "awarded_on": before(4700),
    }  # fmt: skip
    yield EntryKind.LICENSE, {
        "license_kind": "mental_health", "name": "LCSW", "region": "US-MO", "starts_on": before(4300),
    }  # fmt: skip
    yield EntryKind.WORK, {
        "title": "Infant and family therapist", "employer": "Meadowlark Counseling", "starts_on": before(4200),
        "hours_per_week": 40, "paid": True, "supervised": True, "families_served": 60, "ages": ages,
        "roles": ["direct_service", "dyadic_therapy"],
    }  # fmt: skip
    yield EntryKind.WORK, {
        "title": "Clinical lead and reflective supervisor", "employer": "Lantern Street Clinic",
        "starts_on": before(1900), "hours_per_week": 30, "paid": True, "supervised": True, "families_served": 12,
        "ages": ages,
        "roles": ["rsc_provision", "practice_leadership", "policy_leadership", "teaching_research_leadership"],
    }  # fmt: skip
    yield from trainings(category_code, ages, before)
    for number in range(SESSIONS):
        yield EntryKind.SUPERVISION, {
            "on": before(40 + 20 * number), "minutes": SESSION_MINUTES, "format": "individual", "mode": "in_person",
            "provider": provider, "about_own_provision": number < ABOUT_OWN_PROVISION, "ages": ages,
        }  # fmt: skip


def trainings(category_code: str, ages: list[str], before: Any) -> Iterator[tuple[EntryKind, Values]]:
    """The plan's trainings, with the category's competencies shared out among them."""
    wanted = list(
        CategoryCompetency.objects.filter(category__code=category_code)
        .order_by("competency__area__position", "competency__position")
        .values_list("competency", flat=True)
    )
    number, total = 0, sum(count for _, count, _ in TRAINING_PLAN)
    names = {"core": "Relationships first", "rsc": "Giving reflective supervision", "dei": "Whose voice is missing?"}
    for topic, count, minutes in TRAINING_PLAN:
        for part in range(1, count + 1):
            yield EntryKind.TRAINING, {
                "on": before(60 + 45 * number), "title": f"{names[topic]}, part {part}",
                "organizer": "Prairie Rivers Association", "minutes": minutes, "topics": [topic], "ages": ages,
                "competencies": wanted[number::total],
            }  # fmt: skip
            number += 1


def paper(title: str, name: str) -> SimpleUploadedFile:
    """A one-page PDF as a person would upload it."""
    html = (
        f'<html lang="en"><head><title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>'
        f"<p>{escape(name)}</p><p>An invented document, for the demo.</p></body></html>"
    )
    content = render_pdf(html, stylesheets=[], identifier=f"{title}:{name}")
    file_name = f"{title.lower().replace(' ', '-')}.pdf"
    return SimpleUploadedFile(file_name, content, content_type="application/pdf")
