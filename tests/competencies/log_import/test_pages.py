"""The pages of an import, as a browser without script walks them; and whatever file comes, an answer in words."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.actions import importing, log_imports
from competencies.enums import EntryKind, ImportState
from competencies.log_import import samples
from competencies.models import LogImport, Supervision, Training
from competencies.queries import log_import_pages as tabs
from competencies.queries import log_imports as queries
from endorsement_portal.files.limits import Limits, Unfit
from endorsement_portal.files.models import StoredFile
from endorsement_portal.sheets.reading import read_sheet
from tests.competencies.log_import import logs
from tests.competencies.odd_sheets import files
from tests.factories.competencies import TrainingFactory
from tests.fuzzing import FUZZ_EXAMPLES

pytestmark = pytest.mark.django_db

INDEX = "/portfolio/import/"
LIMITS = Limits(memory_bytes=2**29, cpu_seconds=20, output_bytes=2**26, pixels=1, pages=1)


@pytest.fixture
def member(client, applicant):
    client.force_login(applicant.user)
    return client


@pytest.fixture
def _here(monkeypatch, tmp_path):
    """Reading without a process of its own: for tests of many files."""

    def in_child(chunks, kind):
        source, target = tmp_path / "source", tmp_path / "target"
        source.write_bytes(b"".join(chunks))
        try:
            return {"ok": True, **read_sheet(source, target, LIMITS)}, target.read_bytes()
        except Unfit as unfit:
            return {"ok": False, "code": unfit.code, "params": unfit.params}, b""

    monkeypatch.setattr("endorsement_portal.files.cleaning.in_child", in_child)


def upload(client, file, kind="training"):
    return client.post(INDEX, {"kind": kind, "file": file})


def text(response) -> str:
    return response.content.decode()


def address(name: str) -> str:
    return reverse(f"portfolio:{name}", args=[LogImport.objects.latest("pk").uuid])


def chosen(form) -> dict[str, str]:
    """What a browser would send of the columns as they stand."""
    return {name: str(getattr(value, "value", value) or "") for name, value in form.initial.items()}


def to_preview(client, file, kind="training", **more):
    """Upload, columns as guessed, the trial."""
    assert upload(client, file, kind).status_code == 302
    columns = client.get(address("import"), follow=True)
    if columns.request["PATH_INFO"].endswith("/columns/"):
        answer = client.post(address("import_columns"), chosen(columns.context["form"]) | more)
        assert answer.status_code == 302, columns.context["form"].errors
    return client.get(address("import"))


# --- The way through ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [EntryKind.TRAINING, EntryKind.SUPERVISION])
@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
def test_the_sample_goes_all_the_way(member, applicant, kind, file_type, django_capture_on_commit_callbacks):
    sample = member.get(reverse("portfolio:import_sample", args=[kind, file_type]))
    assert sample["Content-Disposition"].startswith('attachment; filename="sample-')
    page = to_preview(member, SimpleUploadedFile(f"log.{file_type}", sample.content), kind)
    assert "3 entries would be imported" in text(page)
    with django_capture_on_commit_callbacks(execute=True):
        assert member.post(address("import_confirm")).status_code == 302
    done = member.get(address("import"))
    assert "3 entries are in your portfolio" in text(done)
    model = Training if kind == EntryKind.TRAINING else Supervision
    assert model.objects.filter(person=applicant).count() == len(samples.ROWS[kind])
    assert "3 entries go, as if they had never been there." in text(member.get(address("import_undo")))
    assert member.post(address("import_undo")).status_code == 302
    assert "your portfolio is as it was before" in text(member.get(address("import")))
    assert model.objects.count() == 0


def test_samples_of_other_kinds_and_files_are_not_there(member):
    for kind, file_type in (("work", "csv"), ("training", "pdf")):
        assert member.get(reverse("portfolio:import_sample", args=[kind, file_type])).status_code == 404


def test_faults_are_named_on_the_page_and_the_corrected_file_goes_on_from_there(member):
    page = to_preview(member, logs.file_of(logs.with_faults(logs.rows(400))))
    assert "12 rows need another look" in text(page)
    for row, (_column, _value, place, _message) in logs.PLANTED.items():
        letter, _space, heading = place.partition(" ")
        assert f"Row {row}, column {letter}, {heading}" in text(page)
    assert "Import 388 entries" not in text(page)
    assert member.post(address("import_confirm"), follow=True).context["messages"]
    assert Training.objects.count() == 0
    answer = upload(member, logs.file_of(logs.rows(400)))
    page = member.get(answer["Location"])
    assert "Import 400 entries" in text(page), "the columns are remembered: no question is asked twice"


def test_duplicates_are_shown_and_left_out(member, applicant):
    TrainingFactory(person=applicant, on=logs.FIRST_DAY, title="TRAINING 0", minutes=90)
    rows = logs.rows(3)
    page = to_preview(member, logs.file_of([*rows, rows[2]]))
    assert "2 entries would be imported" in text(page)
    left_out = text(member.get(address("import") + "?show=left-out"))
    assert "an entry in your portfolio" in left_out
    assert "row 4" in left_out


def test_a_file_with_nothing_new_has_no_button(member, applicant):
    TrainingFactory(person=applicant, on=logs.FIRST_DAY, title="Training 0", minutes=90)
    page = text(to_preview(member, logs.file_of(logs.rows(1))))
    assert "Nothing new in this file" in page
    assert address("import_confirm") not in page


@pytest.mark.parametrize("wanted", ["new", "faults", "left-out", "x", ""])
def test_a_list_that_is_empty_gives_way_to_one_that_is_not(wanted):
    found = queries.DryRun(new=(), duplicates=(), faults=())
    assert tabs.tab(found, wanted) == "new"


def test_progress_polls_while_it_waits_and_asks_for_the_page_when_it_is_over(member, applicant):
    to_preview(member, logs.file_of(logs.rows(2)))
    log_import = LogImport.objects.get()
    log_imports.confirm(log_import=log_import, by=applicant.user)
    page = text(member.get(address("import")))
    assert 'hx-trigger="every 1s"' in page
    assert "Look again" in page, "the way without script"
    waiting = member.get(address("import_progress"))
    assert "HX-Refresh" not in waiting
    importing.take(import_uuid=log_import.uuid)
    assert "Your log is being imported" in text(member.get(address("import_progress")))
    LogImport.objects.update(lease_until=timezone.now() - datetime.timedelta(minutes=1))
    importing.run(import_uuid=log_import.uuid)
    over = member.get(address("import_progress"))
    assert (over["HX-Refresh"], "hx-get" in text(over)) == ("true", False)


def test_undoing_names_what_stays_and_asks_again_when_that_changed(
    member, applicant, django_capture_on_commit_callbacks
):
    to_preview(member, logs.file_of(logs.rows(3)))
    with django_capture_on_commit_callbacks(execute=True):
        member.post(address("import_confirm"))
    Training.objects.filter(title="Training 1").update(version=2)
    page = text(member.get(address("import_undo")))
    assert "1 entry stays" in page
    assert "Undo it, and keep this 1 entry" in page
    refused = member.post(address("import_undo"))
    assert refused.status_code == 200
    assert "1 entry was changed or used since the import." in text(refused)
    kept = Training.objects.get(version=2)
    member.post(address("import_undo"), {"keep": kept.key})
    assert list(Training.objects.all()) == [kept]
    assert "but for 1 entry that you had changed or used since" in text(member.get(address("import")))
    assert member.get(address("import_undo")).status_code == 302


@pytest.mark.parametrize("state", [ImportState.FAILED, ImportState.DROPPED])
def test_each_end_has_its_words(member, state):
    to_preview(member, logs.file_of(logs.rows(1)))
    LogImport.objects.update(state=state, file=None, finished_at=timezone.now())
    words = {ImportState.FAILED: "This log was not imported", ImportState.DROPPED: "This file is gone"}
    assert words[state] in text(member.get(address("import")))
    assert member.get(address("import_columns")).status_code == 302


def test_an_import_after_its_day_says_that_undoing_is_over(member):
    to_preview(member, logs.file_of(logs.rows(1)))
    day_ago = timezone.now() - datetime.timedelta(hours=24)
    LogImport.objects.update(state=ImportState.DONE, file=None, finished_at=day_ago, added=1)
    page = text(member.get(address("import")))
    assert "The 24 hours for undoing are over." in page
    assert member.get(address("import_undo")).status_code == 302


def test_a_file_is_put_aside(member):
    to_preview(member, logs.file_of(logs.rows(1)))
    assert "The file is gone." in text(member.post(address("import_put_aside"), follow=True))
    LogImport.objects.update(state=ImportState.DONE, finished_at=timezone.now())
    assert "This file is not waiting any more." in text(member.post(address("import_put_aside"), follow=True))


# --- Refusals at the field ------------------------------------------------------------------------


def test_a_refused_file_is_said_at_the_field_and_nothing_is_kept(member):
    answer = upload(member, SimpleUploadedFile("log.csv", b"%PDF-1.7"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]
    answer = member.post(INDEX, {})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"file", "kind"})
    assert (LogImport.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_too_many_files_and_too_many_uploads_are_said_as_well(member, monkeypatch, settings, _here):
    monkeypatch.setattr(log_imports, "WAITING_MAX", 1)
    assert upload(member, logs.file_of(logs.rows(1))).status_code == 302
    answer = upload(member, logs.file_of(logs.rows(1)))
    assert (answer.status_code, "1 files of yours wait already." in text(answer)) == (422, True)
    settings.UPLOADS_PER_HOUR = 1
    monkeypatch.setattr(log_imports, "WAITING_MAX", 9)
    answer = upload(member, logs.file_of(logs.rows(1)))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])
    assert LogImport.objects.count() == 1


@pytest.fixture
def columns_page(member, _here):
    rows = [["3/4/2025", "A", "90", "B"]]
    upload(member, logs.file_of(rows, headings=["Date", "Course", "Length", "Notes"]))
    return address("import_columns")


GUESSED = {"on": "column:0", "title": "column:1", "minutes": "column:2"}


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, {"unit", "order"}),
        ({"unit": "minutes"}, {"order"}),
        ({"unit": "minutes", "order": "month_first", "title": ""}, {"title"}),
        ({"unit": "minutes", "order": "month_first", "organizer": "column:1"}, {"organizer"}),
        ({"unit": "days", "order": "month_first"}, {"unit"}),
        ({"unit": "minutes", "order": "month_first", "title": "column:9"}, {"title"}),
        ({"unit": "minutes", "order": "month_first", "title": "all:x"}, {"title"}),
    ],
)
def test_columns_are_asked_for_until_nothing_is_open(member, columns_page, sent, wrong):
    answer = member.post(columns_page, GUESSED | sent)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, wrong)
    assert LogImport.objects.get().columns == {}


def test_columns_that_answer_everything_lead_to_the_trial(member, columns_page):
    assert member.post(columns_page, GUESSED | {"unit": "minutes", "order": "day_first"}).status_code == 302
    assert "1 h 30 min" in text(member.get(address("import")))
    assert 'value="day_first" id="id_order_1" checked' in text(member.get(columns_page))


def test_saying_columns_in_a_window_that_came_too_late_is_refused_in_words(member, columns_page, monkeypatch):
    def moved_on(**kwargs):
        raise log_imports.LostRace.because("import_moved_on", "This import was changed in another window.")

    monkeypatch.setattr(log_imports, "say_columns", moved_on)
    answer = member.post(columns_page, GUESSED | {"unit": "minutes", "order": "day_first"})
    assert "This import was changed in another window." in text(answer)


def test_a_word_for_all_rows_can_be_chosen_for_sessions(member, _here):
    rows = [["2025-02-03", "1 h", "Tobias", "tobias@example.org"]]
    file = logs.file_of(rows, headings=["Date", "Length", "Provider", "Email"])
    page = to_preview(member, file, "supervision", format="all:individual", mode="all:distance")
    assert "1 entry would be imported" in text(page)
    assert "No provider is written to." in text(page)


# --- Other people, numbers of queries -------------------------------------------------------------


def test_an_import_is_its_persons_alone(member, other_applicant, client):
    to_preview(member, logs.file_of(logs.rows(1)))
    client.force_login(other_applicant.user)
    for name in ("import", "import_columns", "import_progress", "import_undo"):
        assert client.get(address(name)).status_code == 404
    for name in ("import_confirm", "import_undo", "import_put_aside"):
        assert client.post(address(name)).status_code == 404
    assert "log.csv" not in text(client.get(INDEX))


def test_lists_ask_the_same_number_of_questions_for_one_and_thirty(member, applicant, _here):
    def count(path):
        with CaptureQueriesContext(connection) as captured:
            assert member.get(path).status_code == 200
        return len(captured)

    to_preview(member, logs.file_of(logs.rows(1)))
    few = [count(INDEX), count(address("import"))]
    to_preview(member, logs.file_of(logs.rows(40)))
    for number in range(30):
        LogImport.objects.create(
            person=applicant, kind="training", file_name=f"{number}.csv", row_count=1, state="dropped"
        )
    assert [count(INDEX), count(reverse("portfolio:import", args=[LogImport.objects.get(row_count=40).uuid]))] == few


# --- Fuzz -----------------------------------------------------------------------------------------


@settings(max_examples=FUZZ_EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    content=files,
    kind=st.sampled_from(["training", "supervision"]),
    unit=st.sampled_from(["hours", "minutes"]),
    order=st.sampled_from(["month_first", "day_first"]),
)
def test_whatever_file_comes_nothing_breaks_and_an_error_leaves_nothing(
    member, applicant, _here, monkeypatch, settings, content, kind, unit, order
):
    settings.UPLOADS_PER_HOUR = 10_000_000
    monkeypatch.setattr(log_imports, "WAITING_MAX", 10_000_000)
    before = logs.dump(applicant)
    answer = upload(member, SimpleUploadedFile("log.csv", content), kind)
    if answer.status_code == 422:
        assert (LogImport.objects.count(), logs.dump(applicant)) == (0, before)
        return
    assert answer.status_code == 302
    columns = member.get(answer["Location"], follow=True)
    assert columns.status_code == 200
    if "form" in columns.context and columns.request["PATH_INFO"].endswith("/columns/"):
        sent = chosen(columns.context["form"]) | {"unit": unit, "order": order}
        answer = member.post(address("import_columns"), sent)
        assert answer.status_code in (302, 422)
    page = member.get(address("import"), follow=True)
    assert page.status_code == 200
    assert member.post(address("import_confirm")).status_code == 302
    log_import = LogImport.objects.get()
    if log_import.state == ImportState.PENDING:
        importing.run(import_uuid=log_import.uuid)
        log_import.refresh_from_db()
        assert (log_import.state, log_import.error) == (ImportState.DONE, "")
        importing.undo(log_import=log_import, by=applicant.user)
    assert logs.dump(applicant) == before
    LogImport.objects.all().delete()
    StoredFile.objects.all().delete()
