"""What a new person can do before there is an application."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from competencies.facts import PortfolioFacts
from members.enums import MembershipState
from members.standing import MembershipFact


@dataclass(frozen=True, slots=True)
class FirstStep:
    title: str
    text: str
    href: str
    act: str
    done: bool


def first_steps(
    portfolio: PortfolioFacts, memberships: tuple[MembershipFact, ...], enrolment: Enrolment | None, found: bool = False
) -> tuple[FirstStep, ...]:
    """What a new person can do at once; nothing of it needs an application, a cohort or a fee (A1)."""
    return (
        FirstStep(
            _("Log your first training"),
            _("A title, a day and how long it took. It takes a minute, and it counts for every category it fits."),
            reverse("portfolio:add", args=["training"]),
            _("Log a training"),
            done=portfolio.entry_count() > 0,
        ),
        FirstStep(
            _("Find the category that fits you"),
            _("At most six plain questions, with the reason for the answer."),
            reverse("finder:start"),
            _("Find my category"),
            done=found or (enrolment is not None and bool(enrolment.intended_category)),
        ),
        FirstStep(
            _("Add your membership"),
            _("An individual membership of any association for infant mental health. A coordinator confirms it."),
            reverse("members:memberships"),
            _("Add a membership"),
            done=any(fact.state in (MembershipState.PENDING, MembershipState.CONFIRMED) for fact in memberships),
        ),
        FirstStep(
            _("Take a seat in a cohort"),
            _("Cohorts open each quarter. You work side by side with others until the deadline."),
            reverse("cohorts:list"),
            _("See the next cohorts"),
            done=enrolment is not None,
        ),
        FirstStep(
            _("Start your application"),
            _("With your seat and a confirmed membership. Everything you entered before is already in it."),
            reverse("applications:start", args=[enrolment.uuid]) if enrolment else reverse("applications:list"),
            _("Start my application"),
            done=False,
        ),
    )
