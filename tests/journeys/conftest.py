"""Where journeys begin: an association, its people, and a quarter that is open today."""

import pytest
from django.utils import timezone

from coordination.seeding import demo
from coordination.seeding.stories import Stage
from coordination.seeding.world import World
from members.enums import Role
from tests.house.world import second_factor


@pytest.fixture
def stage(db):
    world = World(today=timezone.localdate(), seed=5)
    home = demo.association("XX-PR", "Prairie Rivers Association", "PR", "Prairie")
    coordinator = demo.staff_of(world, home, "Linnea Rivermoss", Role.COORDINATOR)
    reviewer = demo.staff_of(world, home, "Petra Lindenau", Role.REVIEWER)
    second_factor(coordinator, reviewer)
    raters = demo.raters(world, home, coordinator)
    return Stage(world=world, association=home, coordinator=coordinator, reviewer=reviewer, raters=raters)


@pytest.fixture
def open_cohort(stage):
    return demo.quarter(stage.world, stage.association, stage.coordinator, 1)
