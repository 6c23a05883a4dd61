"""The demo: the same seed and day give the same data; every state of the process occurs; every invariant holds."""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications.actions.journey import reference_numbers
from applications.enums import Status
from applications.models import Application, Submission
from applications.queries.facts import application_facts
from applications.readiness import blockers
from competencies.enums import EntryKind
from coordination.invariants import broken
from coordination.management.commands import bench_pages
from coordination.seeding import portfolios
from coordination.seeding.bulk import Crowd
from coordination.seeding.world import World
from members.models import Person, User
from tests.module_database import rolled_back_at_the_end

DAY = datetime.date(2026, 5, 12)


def seed(**options: Any) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **{"members": 0, "seed": 7, "today": DAY} | options)
    return out.getvalue()


@pytest.fixture(scope="module")
def _seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with rolled_back_at_the_end(django_db_blocker):
        yield seed(members=30, cohorts=1)


@pytest.fixture
def seeded(_seeded: str, db: None) -> str:
    """A demo with a crowd, for the whole module: what the command said."""
    return _seeded


def test_every_status_occurs_among_the_headline_people(seeded):
    rows = Application.objects.filter(person__email__endswith="@demo.example")
    found = Counter(rows.values_list("status", flat=True))
    assert {status for status in Status if found[status] == 0} == set()


def test_every_invariant_holds(seeded):
    assert list(broken()) == []


def test_the_crowd_is_as_large_as_asked_and_sits_in_every_quarter(seeded):
    crowd = Application.objects.exclude(person__email__endswith="@demo.example")
    assert crowd.count() == 30
    assert len(set(crowd.values_list("enrolment__cohort", flat=True))) == 2


def test_the_crowds_reference_numbers_have_the_shape_of_real_ones(seeded):
    """The letters and the quarter that a real start in that cohort would give, and four digits."""
    rows = list(Application.objects.select_related("enrolment__cohort__association"))
    shapes = {row.reference_number: next(reference_numbers(row.enrolment.cohort, lambda _below: 0)) for row in rows}
    odd = {number: shape for number, shape in shapes.items() if re.sub(r"\d{4}$", "0000", number) != shape}
    assert odd == {}
    assert len(shapes) == len(rows)


def test_the_crowd_finds_free_numbers_when_many_are_taken(seeded):
    cohort = Application.objects.order_by("id").first().enrolment.cohort
    crowd = Crowd(world=World(today=DAY, seed=7), association=cohort.association, coordinator=None, cohorts=[cohort],
                  providers=[])  # fmt: skip
    prefix = next(reference_numbers(cohort, lambda _below: 0))[:-4]
    crowd.numbers = {f"{prefix}{number:04d}" for number in range(10_000)}
    assert re.fullmatch(rf"{prefix}\d{{6}}", crowd.reference_number(cohort))


def test_what_the_crowd_sent_can_be_read(seeded):
    """Frozen as the product freezes it: every rule has its finding."""
    for row in Submission.objects.exclude(application__person__email__endswith="@demo.example"):
        frozen = json.loads(row.snapshot)
        assert len(frozen["findings"]) >= 8
        assert frozen["portfolio"]["training"]


def test_who_is_ready_lacks_nothing(seeded):
    ready = Application.objects.get(person__name="Tomas Wrenfield")
    moment = datetime.datetime.combine(DAY, datetime.time(15), datetime.UTC)
    assert [finding.message for finding in blockers(application_facts(ready, moment))] == []


def test_the_command_says_who_can_sign_in(seeded):
    lines = seeded.splitlines()
    assert lines[0] == "18 demo people and 30 more."
    assert "  Linnea Rivermoss <linnea.rivermoss@demo.example>" in lines
    assert len([line for line in lines if line.startswith("  ")]) == 18


def test_a_second_time_is_refused_and_once_does_nothing(seeded):
    before = (User.objects.count(), Application.objects.count())
    with pytest.raises(CommandError, match="The demo is here already"):
        seed()
    assert "Petra Lindenau <petra.lindenau@demo.example>" in seed(once=True)
    assert (User.objects.count(), Application.objects.count()) == before


def test_no_account_of_the_demo_has_a_password(seeded):
    assert not any(user.has_usable_password() for user in User.objects.filter(email__endswith="@demo.example"))


# --- the pages of the benchmark ---------------------------------------------------------------------------------------


def test_the_benchmarks_pages_are_named_signed_in_and_counted(seeded, settings, tmp_path):
    settings.DEMO, settings.STAFF_MFA_REQUIRED = True, False
    target = tmp_path / "pages.json"
    call_command("bench_pages", str(target))
    made = json.loads(target.read_text())
    assert made["n"] == Application.objects.count()
    assert set(made["queries"]) == set(made["pages"])
    assert set(made["cookies"]) == {who for who, _ in made["pages"].values() if who}
    asked = made["queries"]
    assert asked["queue"] <= 10
    assert asked["one application"] <= 15
    assert asked["review list"] <= 12


def test_a_page_that_does_not_open_stops_the_benchmark(seeded, settings, tmp_path, monkeypatch):
    settings.DEMO, settings.STAFF_MFA_REQUIRED = True, False
    monkeypatch.setattr(bench_pages.Command, "pages", lambda self: {"nothing": ("", "/no-such-page/")})
    with pytest.raises(CommandError, match="/no-such-page/ answered"):
        call_command("bench_pages", str(tmp_path / "pages.json"))
    assert not (tmp_path / "pages.json").exists()


def test_the_benchmark_is_for_the_demo_alone(seeded, settings, tmp_path):
    with pytest.raises(CommandError, match="Only for the demo's data"):
        call_command("bench_pages", str(tmp_path / "pages.json"))
    settings.DEMO = True
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("bench_pages", str(tmp_path / "nowhere" / "pages.json"))


# --- the world --------------------------------------------------------------------------------------------------------


def test_within_a_moment_time_goes_on_and_after_it_is_as_before():
    world = World(today=DAY, seed=1)
    before = timezone.now()
    with world.at(-3, hour=8) as moment:
        first, second = timezone.now(), timezone.now()
    assert moment == datetime.datetime(2026, 5, 9, 13, 0, tzinfo=datetime.UTC)
    assert moment < first < second < moment + datetime.timedelta(seconds=1)
    assert timezone.now() >= before


def test_what_a_library_draws_in_one_moment_changes_nothing_in_the_next():
    import os
    import secrets

    def draw(disturbed: bool) -> tuple[bytes, int]:
        world = World(today=DAY, seed=1)
        with world.at(-3):
            if disturbed:
                secrets.token_hex(8)
                os.urandom(99)
        with world.at(-2):
            return os.urandom(4), secrets.randbelow(10_000)

    assert draw(disturbed=True) == draw(disturbed=False)


# --- portfolios -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_portfolio_shows_every_competency_of_its_category():
    from competencies.models import CategoryCompetency

    provider = Person(name="Tobias Fernhollow")
    entries = list(portfolios.entries(today=DAY, license_code="ECMH-E", category_code="ECFS", provider=provider))
    shown = {code for kind, values in entries if kind == EntryKind.TRAINING for code in values["competencies"]}
    wanted = set(CategoryCompetency.objects.filter(category__code="ECFS").values_list("competency", flat=True))
    assert shown == wanted
    assert {tuple(values["ages"]) for _, values in entries if "ages" in values} == {("37-71",)}


def test_a_paper_is_a_pdf():
    made = portfolios.paper("License to practice", "Ada <Meadow>")
    assert (made.name, made.content_type) == ("license-to-practice.pdf", "application/pdf")
    assert made.read(5) == b"%PDF-"
