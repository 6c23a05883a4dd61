"""Twelve people around Prairie Rivers and an edition that asks 30 hours of RSC where 24 were asked."""

import copy
import datetime
import json
from dataclasses import dataclass, field

from applications.actions import rule_change_jobs, rule_changes
from applications.models import Application, RuleChange
from competencies.models import Category, Edition
from competencies.queries.standards import edition_files
from members.models import Association, Person, User
from tests.factories.applications import ApplicationFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.competencies import (
    StandingFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.factories.members import MembershipFactory, PersonFactory, StaffRoleFactory

NOW = datetime.datetime(2026, 5, 12, 17, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 5, 12)
BEGINS = "2026-09-01"
HOURS = (0, 10, 23, 24, 25, 26, 29, 30, 31, 40, 26, 26)
"""Confirmed RSC of the twelve, in hours. The last two: one has an open application, one is planned elsewhere."""


def bundle(**changes) -> dict:
    """The edition of the files under a new name, from September on; `rsc_hours` for the Infant Family Specialist."""
    content = copy.deepcopy(edition_files(Edition.objects.get(code="iecmh-2025")).content())
    ruleset = content["categories"]["ruleset"]
    ruleset["id"] = changes.get("code", "iecmh-2026")
    ruleset["title"] = changes.get("title", "Working rule set, fall 2026")
    ruleset["effective_from"] = changes.get("effective_from", BEGINS)
    for category in content["categories"]["categories"]:
        if category["code"] == "IFS":
            rule = next(rule for rule in category["requirements"] if rule["key"] == "rsc")
            rule["params"]["min_received"] = {"value": changes.get("rsc_hours", 30), "unit": "clock_hours"}
    return content


def raw(content: dict | None = None, **changes) -> bytes:
    return json.dumps(content if content is not None else bundle(**changes)).encode()


@dataclass
class Planted:
    association: Association
    elsewhere: Association
    editor: User
    keeper: User
    people: list[Person] = field(default_factory=list)
    application: Application | None = None


def plant(association, elsewhere, editor, keeper) -> Planted:
    """Everybody has met work and training; only the hours of RSC differ. All plan to be Infant Family Specialists."""
    planted = Planted(association, elsewhere, editor, keeper)
    here, there = CohortFactory(association=association), CohortFactory(association=elsewhere)
    mentor = PersonFactory(name="Tobias Fernhollow")
    StandingFactory(person=mentor)
    for number, hours in enumerate(HOURS):
        person = PersonFactory(name=f"Person {number:02d}", with_user=True)
        WorkFactory(person=person)
        for part in range(12):
            TrainingFactory(person=person, minutes=240, topics=["core", "dei", "rsc"][: 2 if part < 9 else 3])
        for hour in range(hours):
            SupervisionFactory(
                person=person, provider=mentor, confirmed=True, minutes=60, key=f"s{hour}",
                on=datetime.date(2025, 1, 6) + datetime.timedelta(days=hour),
            )  # fmt: skip
        seat = EnrolmentFactory(cohort=there if number == 11 else here, person=person, intended_category="IFS")
        if number == 10:
            MembershipFactory(person=person, association=association)
            planted.application = ApplicationFactory(enrolment=seat, category=Category.objects.get(code="IFS"))
        planted.people.append(person)
    return planted


def editor_of(association) -> User:
    """An editor of rules of the association."""
    role = StaffRoleFactory(association=association, role="standards_editor", user__person__name="Edda Rulesmith")
    return role.user


def keeper_of(association) -> User:
    """An editor of rules who runs the installation too."""
    user = editor_of(association)
    user.is_staff = user.is_superuser = True
    user.save()
    return user


def counted(planted: Planted, content: dict | None = None, **changes) -> RuleChange:
    change = rule_changes.propose_edition(
        association=planted.association, raw=raw(content, **changes), by=planted.editor, now=NOW
    )
    rule_change_jobs.work_on_pending(now=NOW)
    change.refresh_from_db()
    return change
