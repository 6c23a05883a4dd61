"""The command that seeds the demo, on an empty database: deterministic, all or nothing, and plain about odd input."""

import datetime
import json
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from coordination.management.commands.seed_demo import Command
from coordination.seeding.world import World
from members.models import Association
from tests.coordination.canonical import dump

DAY = datetime.date(2026, 5, 12)


def seed(**options: Any) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **{"members": 0, "seed": 7, "today": DAY} | options)
    return out.getvalue()


@pytest.fixture
def dumped(settings, tmp_path):
    """What a seeding of an empty database and an empty store leaves behind; then both are empty again."""

    def run(place: str, **options: Any) -> dict[str, Any]:
        store = dict(settings.STORAGES["default"]["OPTIONS"], location=str(tmp_path / place))
        settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": store}}
        with transaction.atomic():
            numbers_from_the_start()
            seed(**options)
            found = dump()
            transaction.set_rollback(True)
        return found

    return run


def numbers_from_the_start() -> None:
    """PostgreSQL does not take numbers back with a transaction; keys of mails hold some."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [
        f"{label} {place} {name}: {_where(str(row[name]), str(again[name]))}"
        for label, rows in one.items()
        for place, (row, again) in enumerate(zip(rows, other[label], strict=False))
        for name in row
        if row[name] != again[name]
    ]


def _where(one: str, other: str) -> str:
    """The two texts around their first difference."""
    place = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"{one[max(0, place - 60) : place + 40]} / {other[place : place + 40]}"


@pytest.mark.django_db
def test_same_seed_and_day_same_data(dumped):
    one, other = dumped("one", members=5), dumped("other", members=5)
    assert {label: len(rows) for label, rows in one.items()} == {label: len(rows) for label, rows in other.items()}
    assert differences(one, other)[:5] == []
    assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.mark.django_db
def test_another_seed_gives_other_data():
    chances = [World(today=DAY, seed=number).new_uuid() for number in (7, 7, 8)]
    assert chances[0] == chances[1]
    assert chances[0] != chances[2]


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"members": -1}, {"cohorts": 9}, {"cohorts": -1}])
def test_odd_numbers_are_refused_and_nothing_is_written(options):
    with pytest.raises(CommandError, match="--members takes 0 or more, --cohorts 0 to 8"):
        seed(**options)
    assert not Association.objects.filter(code="XX-PR").exists()


@pytest.mark.django_db
def test_a_day_that_is_none_is_said(capsys):
    with pytest.raises(CommandError, match="is no date like 2026-05-12"):
        call_command("seed_demo", "--today", "soon")


@pytest.mark.django_db
def test_a_fault_on_the_way_leaves_nothing_behind(monkeypatch):
    def stumble(*args: object, **options: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(Command, "crowd", stumble)
    monkeypatch.setattr("coordination.management.commands.seed_demo.demo.stories", lambda stage, current: None)
    monkeypatch.setattr("coordination.management.commands.seed_demo.demo.talk", lambda stage, current: None)
    with pytest.raises(RuntimeError, match="no room"):
        seed()
    assert not Association.objects.filter(code="XX-PR").exists()


@pytest.mark.django_db
def test_the_demo_is_offered_on_its_own_sign_in_page(settings, monkeypatch):
    from endorsement_portal.demo.models import DemoPerson

    settings.DEMO = True
    monkeypatch.setattr("coordination.management.commands.seed_demo.demo.stories", lambda stage, current: None)
    monkeypatch.setattr("coordination.management.commands.seed_demo.demo.talk", lambda stage, current: None)
    seed()
    assert list(DemoPerson.objects.order_by("position").values_list("name", flat=True)) == [
        "Linnea Rivermoss", "Petra Lindenau", "Odile Harborfield", "Edda Rulesmith", "Olin Gatewright",
    ]  # fmt: skip


@pytest.mark.django_db
def test_without_a_demo_there_is_nothing_to_measure(settings, tmp_path):
    settings.DEMO = True
    with pytest.raises(CommandError, match="The demo is not here: run seed_demo first"):
        call_command("bench_pages", str(tmp_path / "pages.json"))
