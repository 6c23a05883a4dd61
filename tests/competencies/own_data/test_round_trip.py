"""Out of one installation, into another: the gap report is equal there, and nothing is trusted that was not here."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command

from competencies.actions import evidence as evidence_actions
from competencies.actions import exporting
from competencies.models import Export, Standing, Supervision, Training, Work
from competencies.queries.facts import portfolio_facts
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.files.models import StoredFile
from members.enums import Provenance
from members.models import Person
from tests.competencies.own_data.zips import PORTFOLIO, honest, zipped
from tests.competencies.uploads import photo
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    StandingFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 12)
JUDGED = {"education", "work", "training_hours", "rsc_hours"}


@pytest.fixture
def saved(tmp_path):
    def write(handle, name="portfolio.zip") -> str:
        path = tmp_path / name
        path.write_bytes(handle.read() if hasattr(handle, "read") else handle)
        return str(path)

    return write


@pytest.fixture
def rich(applicant):
    """Entries that count and, of each kind, some that do not; a provider whose standing ended."""
    EducationFactory(person=applicant)
    EducationFactory(person=applicant, level="none", awarded_on=None)
    ProfessionalLicenseFactory(person=applicant)
    WorkFactory(person=applicant)
    WorkFactory(person=applicant, title="Volunteer", paid=False, ages=["37-71"], roles=[])
    provider = PersonFactory(name="Ines Larkmoor")
    StandingFactory(person=provider, ends_on=datetime.date(2025, 12, 31))
    twin = {"on": datetime.date(2025, 3, 4), "title": "Play", "minutes": 90}
    for more in ({}, {}, {"ages": ["37-71"], "topics": ["dei"]}, {"topic_minutes": {"dei": 30}}):
        TrainingFactory(person=applicant, **twin, **more)
    for month in (3, 6, 9, 12):
        SupervisionFactory(person=applicant, provider=provider, on=datetime.date(2025, month, 1), confirmed=True)
    SupervisionFactory(person=applicant, provider=provider, on=datetime.date(2026, 2, 1), confirmed=True)
    SupervisionFactory(person=applicant, provider=provider, on=datetime.date(2025, 4, 1))
    SupervisionFactory(person=applicant, provider=None, on=datetime.date(2025, 4, 2))
    evidence_actions.attach(entry=applicant.training.first(), upload=photo(), by=applicant.user)
    return applicant


def content_of(export_of) -> bytes:
    export = exporting.ask(person=export_of, by=export_of.user)
    assert exporting.run(export_uuid=export.uuid) is True
    with Export.objects.get(pk=export.pk).file.content.open("rb") as handle:
        return handle.read()


def gap(email: str, category: str, capsys) -> list[dict]:
    capsys.readouterr()
    call_command("assess", email, category, as_of=DAY.isoformat(), json=True)
    found = json.loads(capsys.readouterr().out)["findings"]
    return [finding for finding in found if finding["kind"] in JUDGED]


def emptied() -> None:
    """What another installation is before anybody came: the standards, and nobody."""
    for model in (Supervision, Standing, Training, Work, Export):
        model.objects.all().delete()
    Person.objects.all().delete()


@pytest.mark.parametrize("category", ["IFA", "IFS", "IMHS", "ECFS"])
def test_the_gap_report_is_equal_in_another_installation(rich, saved, capsys, category):
    path = saved(content_of(rich))
    here, facts = gap(rich.email, category, capsys), portfolio_facts(rich)
    assert {finding["kind"] for finding in here} >= {"training_hours"}
    emptied()
    assert not Person.objects.exists()
    call_command("import_portfolio", rich.email, path, create=True)
    assert capsys.readouterr().out.splitlines() == [
        "1 evidence files of the ZIP were not taken over: their member adds them",
        "16 added, 0 changed, 0 already there",
    ]
    assert gap(rich.email, category, capsys) == here
    there = portfolio_facts(Person.objects.get(email=rich.email))
    for kind in ("education", "licenses", "work", "training", "supervision"):
        assert [row.key for row in getattr(there, kind)] == [row.key for row in getattr(facts, kind)]
    call_command("import_portfolio", rich.email, path)
    assert capsys.readouterr().out.endswith("0 added, 0 changed, 16 already there\n")


def test_what_was_only_stated_here_counts_nowhere(rich, saved, capsys):
    """A standing that nobody confirmed, a signature that nobody accepted, a session that was declined: the format has
    no word for them, so they come as unsigned or unqualified. The sums are equal, the reasons are plainer."""
    stated = PersonFactory(name="Odo Fennwick")
    StandingFactory(person=stated, provenance=Provenance.STATED)
    SupervisionFactory(person=rich, provider=stated, confirmed=True)
    SupervisionFactory(person=rich, provider=rich.supervision.first().provider, confirmed=True, accepted=False)
    SupervisionFactory(person=rich, provider=rich.supervision.first().provider, state="declined")
    path, here = saved(content_of(rich)), gap(rich.email, "IFS", capsys)
    emptied()
    call_command("import_portfolio", rich.email, path, create=True)
    there = gap(rich.email, "IFS", capsys)
    assert [(row["requirement"], row["have_minutes"]) for row in there] == [
        (row["requirement"], row["have_minutes"]) for row in here
    ]
    assert [len(row["uncounted"]) for row in there] == [len(row["uncounted"]) for row in here]


def test_what_is_uncounted_is_in_the_comparison(rich, capsys):
    uncounted = {row["reason"] for finding in gap(rich.email, "IFS", capsys) for row in finding["uncounted"]}
    assert {"duplicate", "provider_not_qualified_on_date", "no_named_provider", "awaiting_confirmation"} <= uncounted


def test_a_name_that_is_taken_is_not_taken_over(applicant, saved):
    WorkFactory(person=applicant, key="w-77", title="Another job")
    call_command("import_portfolio", applicant.email, saved(zipped()))
    brought = Work.objects.exclude(key="w-77").get()
    assert (brought.title, brought.key[:2]) == ("Doula", "w-")


def test_a_zip_that_is_not_taken_leaves_nothing(applicant, saved):
    before = (StoredFile.objects.count(), AuditEvent.objects.count())
    for members, fault in (
        ({**honest(), "../x": b""}, "../x: this name does not belong in such a ZIP"),
        ({**honest(), "files/a.pdf": b"\0" * 3_000_000}, "files/a.pdf: unpacks to far more than its size"),
        ({"portfolio.json": {**PORTFOLIO, "training": [{"key": "t"}]}}, r"\$\.training\[0\]"),
    ):
        with pytest.raises(CommandError, match=fault):
            call_command("import_portfolio", applicant.email, saved(zipped(members)))
    assert (StoredFile.objects.count(), AuditEvent.objects.count()) == before
    assert not Training.objects.exists()


def test_a_damaged_zip_is_one_line(applicant, saved):
    with pytest.raises(CommandError, match="The ZIP is damaged"):
        call_command("import_portfolio", applicant.email, saved(io.BytesIO(b"PK\x03\x04 and no end")))
