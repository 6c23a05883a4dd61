"""Own data as a ZIP: asked for once, made behind the page, given to its person only, gone after seven days."""

import datetime
import io
import json
import zipfile

import pikepdf
import pytest
from django.core.files.storage import default_storage

from applications.models import Rating
from competencies import tasks
from competencies.actions import evidence as evidence_actions
from competencies.actions import exporting
from competencies.models import Evidence, Export, Training, Work
from competencies.portable import from_portable
from competencies.queries import own_data as queries
from competencies.queries.portable import to_portable
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.jobs import ATTEMPTS_MAX, JobState
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import NotAllowed
from members.enums import Provenance
from tests.competencies.uploads import photo
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    StandingFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def full(applicant):
    """One entry of each kind, a file, and an entry that is withdrawn with its file."""
    EducationFactory(person=applicant)
    ProfessionalLicenseFactory(person=applicant)
    WorkFactory(person=applicant, description="Visits at home")
    training = TrainingFactory(person=applicant, title="=1+1")
    SupervisionFactory(person=applicant, confirmed=True)
    evidence_actions.attach(entry=training, upload=photo("täglich.png"), by=applicant.user)
    gone = TrainingFactory(person=applicant, title="Withdrawn course")
    evidence_actions.attach(entry=gone, upload=photo("gone.png"), by=applicant.user)
    Training.objects.filter(pk=gone.pk).update(withdrawn_at="2026-01-01T00:00Z")
    return applicant


def ask(person, **more):
    return exporting.ask(person=person, by=person.user, **more)


def made(person, **more) -> Export:
    export = ask(person, **more)
    exporting.run(export_uuid=export.uuid, **more)
    export.refresh_from_db()
    return export


def opened(export: Export) -> zipfile.ZipFile:
    with export.file.content.open("rb") as handle:
        return zipfile.ZipFile(io.BytesIO(handle.read()))


def test_everything_of_ones_own_is_in_it(full):
    export = made(full)
    archive = opened(export)
    assert archive.testzip() is None
    assert archive.namelist() == [
        "portfolio.json", "files/0001-täglich.png", "more.json", "sheets/education.csv",
        "sheets/professional-licenses.csv", "sheets/work.csv", "sheets/trainings.csv", "sheets/rsc-sessions.csv",
        "sheets/files.csv", "portfolio.pdf", "READ-ME.txt",
    ]  # fmt: skip
    assert json.loads(archive.read("portfolio.json")) == to_portable(full)
    file = Evidence.objects.first().file
    with file.content.open("rb") as handle:
        assert archive.read("files/0001-täglich.png") == handle.read()
    assert b"'=1+1" in archive.read("sheets/trainings.csv")
    assert b"Visits at home" in archive.read("sheets/work.csv")
    about = archive.read("READ-ME.txt").decode()
    assert about.startswith("The portfolio of Maren Oakhill\nMade on ")
    assert "portfolio.json   the portable portfolio" in about
    assert (export.entries, export.files, export.left_out, export.progress) == (5, 1, 0, 100)
    assert b"Withdrawn course" not in archive.read("sheets/trainings.csv")


def test_the_paper_is_tagged(full):
    with pikepdf.open(io.BytesIO(opened(made(full)).read("portfolio.pdf"))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "The portfolio of Maren Oakhill"


def test_an_empty_portfolio_has_its_zip_too(applicant):
    archive = opened(made(applicant))
    assert from_portable(json.loads(archive.read("portfolio.json")))[1].entry_count() == 0


def test_paper_names_the_newest_and_counts_the_rest(applicant, monkeypatch):
    from competencies.own_data import paper
    from competencies.queries.facts import portfolio_facts

    monkeypatch.setattr(paper, "NAMED_MAX", 2)
    for number in range(3):
        TrainingFactory(person=applicant, title=f"Course {number}", on=datetime.date(2025, 1, number + 1))
        SupervisionFactory(person=applicant, on=datetime.date(2025, 1, number + 1))
    html = paper.html_of(applicant, portfolio_facts(applicant), (), Training.objects.first().created_at)
    assert ("Course 2" in html, "Course 1" in html, "Course 0" in html) == (True, True, False)
    assert html.count("The newest stand here; 1 more is in the table beside this file.") == 2


def test_what_nobody_here_vouches_for_is_unsigned_in_the_file(applicant):
    session = SupervisionFactory(person=applicant, confirmed=True, accepted=False, provenance=Provenance.STATED)
    StandingFactory(person=session.provider, provenance=Provenance.STATED)
    StandingFactory(person=session.provider, code="IMHS")
    portfolio = json.loads(opened(made(applicant)).read("portfolio.json"))
    assert portfolio["supervision"][0]["attested_on"] is None
    assert [row["category"] for row in portfolio["providers"][0]["standings"]] == ["IMHS"]
    assert b"Confirmed" in opened(Export.objects.get()).read("sheets/rsc-sessions.csv")


def test_files_that_may_not_leave_are_said(full):
    StoredFile.objects.update(scan_state=ScanState.QUARANTINED)
    export = made(full)
    assert (export.files, export.left_out) == (0, 1)
    assert b"held back by the virus scan" in opened(export).read("sheets/files.csv")
    assert json.loads(opened(export).read("more.json"))["files"] == []


def test_files_that_are_gone_are_said(full, caplog):
    default_storage.delete(Evidence.objects.first().file.content.name)
    export = made(full)
    assert (export.files, export.left_out) == (0, 1)
    assert b"missing from the storage" in opened(export).read("sheets/files.csv")
    assert "is gone" in caplog.text


def test_asking_twice_is_one_zip(applicant):
    assert ask(applicant) == ask(applicant)
    assert AuditEvent.objects.filter(verb="own_data.asked").count() == 1


def test_five_in_a_day(applicant, now):
    for _ in range(queries.PER_DAY_MAX):
        made(applicant)
    with pytest.raises(NotAllowed, match="5 ZIPs in 24 hours") as caught:
        ask(applicant)
    assert caught.value.findings[0].fix == "Download the last one, or come back tomorrow."
    Export.objects.update(created_at=now - 2 * DAY)
    assert ask(applicant, now=now).job_state == JobState.WAITING


def test_nobody_else_asks_for_it(applicant, other_applicant, operator):
    for user in (other_applicant.user, operator):
        with pytest.raises(NotAllowed, match="Only the person themself"):
            exporting.ask(person=applicant, by=user)


def test_a_newer_one_takes_the_place_of_the_former(applicant, django_capture_on_commit_callbacks):
    first = made(applicant)
    blob = first.file.content.name
    with django_capture_on_commit_callbacks(execute=True):
        second = made(applicant)
    first.refresh_from_db()
    assert (first.file, first.removed_at == second.ready_at) == (None, True)
    assert (default_storage.exists(blob), default_storage.exists(second.file.content.name)) == (False, True)


def test_it_is_removed_after_seven_days(applicant, now, django_capture_on_commit_callbacks):
    export = made(applicant, now=now)
    blob = export.file.content.name
    assert exporting.remove_expired(now=now + queries.KEPT_FOR - HOUR) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert exporting.remove_expired(now=now + queries.KEPT_FOR) == 1
    export.refresh_from_db()
    assert (export.file, export.removed_at, default_storage.exists(blob)) == (None, now + queries.KEPT_FOR, False)
    assert not StoredFile.objects.filter(content=blob).exists()
    assert exporting.remove_expired(now=now + 2 * queries.KEPT_FOR) == 0
    assert AuditEvent.objects.filter(verb="own_data.removed").count() == 1


def test_its_person_is_told_once(full):
    export = made(full)
    message = OutgoingMessage.objects.get(key=f"export:{export.uuid}")
    assert (message.to_email, message.template, message.context["entries"]) == (full.email, "own_data_ready", 5)
    assert exporting.run(export_uuid=export.uuid) is False


def test_a_fault_is_written_down_and_tried_again(applicant, now, monkeypatch, caplog):
    monkeypatch.setattr(exporting.paper, "render", lambda *_: 1 / 0)
    export = ask(applicant)
    for number in range(ATTEMPTS_MAX):
        assert exporting.run_pending(now=now + number * HOUR) == 1
    export.refresh_from_db()
    assert (export.job_state, export.file, export.error) == (JobState.DEAD, None, "ZeroDivisionError: division by zero")
    assert exporting.run_pending(now=now + 9 * HOUR) == 0
    assert queries.asked_today(applicant, now) == 0
    assert "failed" in caplog.text


def test_a_worker_that_lost_its_lease_leaves_nothing(applicant, monkeypatch):
    export = ask(applicant)
    before = StoredFile.objects.count()
    kept = []

    def stolen(handle, **about):
        Export.objects.filter(pk=export.pk).update(lease_token="another")
        kept.append(store_made(handle, **about))
        return kept[0]

    store_made = exporting.large.store_made
    monkeypatch.setattr(exporting.large, "store_made", stolen)
    assert exporting.run(export_uuid=export.uuid) is False
    assert (StoredFile.objects.count(), default_storage.exists(kept[0].content.name)) == (before, False)


def test_an_export_that_is_not_there():
    assert exporting.run(export_uuid="00000000-0000-0000-0000-000000000000") is False


def test_the_tasks_call_the_actions(applicant, now):
    export = ask(applicant)
    tasks.export(str(export.uuid))
    export.refresh_from_db()
    assert export.job_state == JobState.DONE
    Export.objects.update(ready_at=now - 30 * DAY)
    tasks.remove_expired_exports()
    ask(applicant)
    tasks.make_pending_exports()
    assert [row.file is None for row in Export.objects.order_by("id")] == [True, False]


def test_ratings_and_notes_have_no_way_into_it():
    """By construction: nothing that makes the ZIP can reach the floor above."""
    from tests.house.tree import imports, module_name, sources

    for source in sources():
        if module_name(source).startswith(("competencies.own_data", "competencies.actions.exporting")):
            assert not any(name.startswith(("applications", "coordination")) for name in imports(source))
    assert Rating._meta.app_label == "applications"
    assert Work._meta.app_label == "competencies"
