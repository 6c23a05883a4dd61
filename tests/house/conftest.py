"""One small world for a whole module, built by the real actions and rolled back after it; each test its own copy."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.world import House, standing


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with standing(django_db_blocker) as house:
        yield house


@pytest.fixture
def house(built: House, db: None) -> House:
    return copy.deepcopy(built)
