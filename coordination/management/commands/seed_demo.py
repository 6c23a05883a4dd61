"""`manage.py seed_demo`: invented people in every state of the process. Same seed and day, same data."""

import argparse
import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from coordination.seeding import courses, demo
from coordination.seeding.bulk import Crowd
from coordination.seeding.names import FIRST, LAST, plausible_email
from coordination.seeding.stories import Stage
from coordination.seeding.world import World
from endorsement_portal.web.commands import PortalCommand
from members.enums import Role
from members.models import Association, Person, User

CODE, OTHER_CODE = "XX-PR", "XX-HL"
PAST_QUARTERS_MAX = 8
PROVIDERS = 12


def a_date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-05-12") from error


class Command(PortalCommand):
    help = "Fills the demo with invented people in every state. Deterministic: same --seed and --today, same data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, default=24, help="further people with an application each")
        parser.add_argument("--cohorts", type=int, default=2, help="quarters before the one under way")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--today", type=a_date, default=None, help="the day the demo is looked at")
        parser.add_argument("--once", action="store_true", help="do nothing when the demo is there already")

    def handle(self, *, members: int, cohorts: int, seed: int, once: bool, **options: Any) -> None:
        if Association.objects.filter(code=CODE).exists():
            if once:
                self.say_who()
                return
            raise CommandError("The demo is here already. Start from an empty database to seed it again.")
        if members < 0 or not 0 <= cohorts <= PAST_QUARTERS_MAX:
            raise CommandError(f"--members takes 0 or more, --cohorts 0 to {PAST_QUARTERS_MAX}.")
        world = World(today=options["today"] or timezone.localdate(), seed=seed)
        with transaction.atomic(), world.at(-1, hour=9):
            stage = self.seed(world, members=members, past=cohorts)
        self.stdout.write(f"{len(stage.people)} demo people and {members} more.")
        self.say_who()

    def seed(self, world: World, *, members: int, past: int) -> Stage:
        home = demo.association(
            CODE, "Prairie Rivers Association for Infant and Early Childhood Mental Health", "PR", "Prairie"
        )
        away = demo.association(OTHER_CODE, "Harbor Lights Infant Mental Health Association", "HL", "Harbor")
        coordinator = demo.staff_of(world, home, "Linnea Rivermoss", Role.COORDINATOR)
        reviewer = demo.staff_of(world, home, "Petra Lindenau", Role.REVIEWER)
        other = demo.staff_of(world, away, "Odile Harborfield", Role.COORDINATOR)
        editor = demo.staff_of(world, home, "Edda Rulesmith", Role.STANDARDS_EDITOR)
        operator = demo.staff_of(world, home, "Olin Gatewright", Role.STANDARDS_EDITOR)
        User.objects.filter(pk=operator.pk).update(is_staff=True, is_superuser=True)
        raters = demo.raters(world, home, coordinator)
        room = max(14, members // (past + 1) + 20)
        earlier = [demo.quarter(world, home, coordinator, -place, capacity=room) for place in range(past, 0, -1)]
        current = demo.quarter(world, home, coordinator, 0, capacity=room)
        for place in (1, 2, 3):
            demo.quarter(world, home, coordinator, place)
        demo.quarter(world, away, other, 1)
        stage = Stage(world=world, association=home, coordinator=coordinator, reviewer=reviewer, raters=raters)
        courses.shelf(world, home, coordinator)
        courses.shelf(world, away, other, number=2)
        demo.stories(stage, current)
        demo.talk(stage, current)
        self.crowd(stage, [*earlier, current], members)
        demo.proposed_rules(stage, editor)
        stage.people += [
            (coordinator, "Coordinator", "Prairie Rivers: the desk of the day, all places."),
            (reviewer, "Reviewer", "Has an application to read."),
            (other, "Coordinator elsewhere", "Harbor Lights: sees nothing of Prairie Rivers."),
            (
                editor,
                "Editor of rules",
                "Prairie Rivers: editions, settings, and a draft of new rules.",
            ),
            (operator, "Operator", "Runs the installation: reference records, and puts an edition in force."),
        ]
        self.offer(stage)
        return stage

    def crowd(self, stage: Stage, cohorts: list[Any], members: int) -> None:
        chance = stage.world.chance
        providers = []
        for number in range(PROVIDERS):
            name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
            providers.append(Person.objects.create(name=name, email=plausible_email(name, number, "mail.example")))
        crowd = Crowd(
            world=stage.world, association=stage.association, coordinator=stage.coordinator, cohorts=cohorts,
            providers=providers,
        )  # fmt: skip
        crowd.fill(members)

    def offer(self, stage: Stage) -> None:
        if not settings.DEMO:
            return
        from endorsement_portal.demo.actions import offer

        for position, (user, title, description) in enumerate(stage.people):
            offer(user=user, name=user.get_full_name(), title=title, description=description, position=position)

    def say_who(self) -> None:
        """The accounts, for the terminal."""
        self.stdout.write("Demo people (one click on the sign-in page, no password):")
        for user in User.objects.filter(email__endswith="@demo.example").select_related("person").order_by("id"):
            self.stdout.write(f"  {user.get_full_name()} <{user.email}>")
