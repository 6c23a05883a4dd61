"""Pages over a portfolio of 5,000 entries: few queries, whatever the size, and little time of the processor."""

import random
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competencies.models import Competency, Supervision, Training
from members.models import Person
from tests.benchmarks.speed import allowed
from tests.factories.competencies import StandingFactory, SupervisionFactory, TrainingFactory
from tests.factories.members import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.measured]
ENTRIES = 5000
RUNS = 3
LIMITS = [
    # name, arguments, queries at most, seconds of the processor at most (best of several runs)
    ("gap", ["ifs"], 15, 0.5),
    ("gap", ["imhm-c"], 15, 0.5),
    ("gap_entries", ["ifs", "rsc"], 15, 0.5),
    ("gap_plan", ["ifs"], 15, 0.5),
    ("gap_compare", [], 15, 0.5),
    ("gap_needs", [], 15, 1.0),
    ("matrix", ["ifs"], 12, 0.2),
    ("competency", ["ifs", "TF.pregnancy"], 15, 0.2),
]


def fill(person: Person) -> None:
    pick = random.Random(5)
    providers = [StandingFactory(person=PersonFactory()).person for _number in range(20)]
    codes = list(Competency.objects.values_list("code", flat=True))
    named = [pick.sample(codes, 2) for _number in range(60)]
    half = range(ENTRIES // 2)
    Training.objects.bulk_create(
        TrainingFactory.build(person=person, competencies=pick.choice(named)) for _number in half
    )
    Supervision.objects.bulk_create(
        SupervisionFactory.build(
            person=person,
            provider=pick.choice(providers),
            confirmed=pick.random() < 0.7,
            competencies=pick.choice(named),
        )
        for _number in half
    )


def seconds(client: Client, address: str) -> float:
    begun = time.process_time()
    assert client.get(address).status_code == 200
    return time.process_time() - begun


def test_pages_over_five_thousand_entries(client, applicant):
    fill(applicant)
    assert applicant.training.count() + applicant.supervision.count() == ENTRIES
    client.force_login(applicant.user)
    found = []
    for name, args, queries_max, seconds_max in LIMITS:
        address = reverse(name, args=args)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries = len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])
        best = min(seconds(client, address) for _run in range(RUNS))
        found.append((name, *args, queries, f"{best * 1000:.0f} ms"))
        assert queries <= queries_max, found
        assert best <= allowed(seconds_max), found
