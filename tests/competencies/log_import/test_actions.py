"""An import from upload to undoing: all or nothing, twice is once, and back to the last byte."""

import datetime
import json
import uuid

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from competencies.actions import importing, log_imports, portfolio, supervision
from competencies.enums import EntryKind, ImportState
from competencies.log_import.columns import Columns
from competencies.models import Evidence, LogImport, RememberedColumns, Supervision, Training
from competencies.queries import log_imports as queries
from competencies.tasks import import_log, import_pending_logs
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.files.intake import Refused, store_generated
from endorsement_portal.files.models import StoredFile
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.sheets.refusals import SheetRefused
from endorsement_portal.workflow import LostRace, NotAllowed
from members.actions.people import find_or_create_many, forget_unused
from members.models import Person
from tests.competencies.log_import import logs
from tests.factories.competencies import EducationFactory, SupervisionFactory, TrainingFactory, WorkFactory
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db

TRAINING, SESSION = EntryKind.TRAINING, EntryKind.SUPERVISION
SESSION_HEADINGS = ["Date", "Minutes", "Provider", "Email", "Kind", "Group size", "Where"]
SESSION_ROWS = [
    ["2025-02-03", "60", "Tobias Fernhollow", "tobias@example.org", "individual", "", "online"],
    ["2025-02-10", "60", "Tobias Fernhollow", "tobias@example.org", "individual", "", "online"],
    ["2025-02-17", "90", "", "", "group", "5", "in person"],
]


@pytest.fixture
def bring(applicant):
    """Upload a file and say its columns as they are guessed."""

    def upload(rows=None, *, kind=TRAINING, file=None):
        headings = logs.HEADINGS if kind is TRAINING else SESSION_HEADINGS
        made = file or logs.file_of(rows, headings=headings)
        log_import = log_imports.upload(person=applicant, by=applicant.user, kind=kind, file=made)
        if not log_import.columns:
            columns, _complete = queries.first_columns(applicant, kind, queries.table_for(log_import))
            log_imports.say_columns(log_import=log_import, by=applicant.user, columns=columns)
        return log_import

    return upload


@pytest.fixture
def bring_in(bring, applicant):
    """All the way: the worker carries it out."""

    def whole(rows=None, **kwargs):
        log_import = bring(rows, **kwargs)
        log_imports.confirm(log_import=log_import, by=applicant.user)
        done = importing.run(import_uuid=log_import.uuid)
        assert done is not None
        assert done.state == ImportState.DONE, done.error
        return done

    return whole


def refused(call, **kwargs) -> str:
    with pytest.raises(NotAllowed) as raised:
        call(**kwargs)
    return raised.value.findings[0].requirement


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


# --- The file of 400 rows -------------------------------------------------------------------------


def test_four_hundred_rows_with_twelve_faults(bring, bring_in, applicant):
    """Twelve named by row and column; corrected, all in; a second import adds none; undone to the last byte."""
    EducationFactory(person=applicant)
    WorkFactory(person=applicant)
    TrainingFactory(person=applicant)
    SupervisionFactory(person=applicant, confirmed=True)
    before = logs.dump(applicant)
    good = logs.rows(400)

    first = bring(logs.with_faults(good))
    found = queries.dry_run(first)
    assert [(fault.row, f"{fault.column} {fault.heading}") for fault in found.faults] == [
        (row, place) for row, (_column, _value, place, _message) in logs.PLANTED.items()
    ]
    for fault in found.faults:
        _column, value, _place, message = logs.PLANTED[fault.row]
        assert fault.message.startswith(message)
        assert fault.value == ("=…" if value.startswith("=") else value[:60] + ("…" if len(value) > 60 else ""))
    assert (len(found.new), found.faulty_rows) == (388, 12)
    assert refused(log_imports.confirm, log_import=first, by=applicant.user) == "log_has_faults"
    assert logs.dump(applicant) == before

    corrected = bring_in(good)
    assert (corrected.added, corrected.left_out, Training.objects.count()) == (400, 0, 401)

    again = bring(good)
    assert (queries.dry_run(again).new, len(queries.dry_run(again).duplicates)) == ((), 400)
    assert refused(log_imports.confirm, log_import=again, by=applicant.user) == "nothing_new"
    assert Training.objects.count() == 401

    importing.undo(log_import=corrected, by=applicant.user)
    assert (corrected.state, corrected.kept) == (ImportState.UNDONE, 0)
    assert logs.dump(applicant) == before


def test_what_came_in_is_what_stood_there(bring_in, applicant):
    done = bring_in(logs.rows(6))
    entry = Training.objects.get(title="Training 5")
    assert (entry.on, entry.minutes, entry.organizer) == (datetime.date(2020, 1, 6), 90, "Prairie Rivers")
    assert (entry.topics, entry.topic_minutes, entry.ages) == (["core"], {"dei": 30}, ["0-36", "37-71"])
    assert (entry.provenance, entry.accepted, entry.version, entry.competencies) == ("stated", True, 1, [])
    assert entry.key == f"{done.key_prefix}-00007"
    assert (done.progress, done.row_count, done.error, done.lease_token) == (100, 6, "", "")
    assert "portfolio.log_imported" in verbs()


def test_a_workbook_of_sessions_brings_its_providers_and_takes_them_back(bring_in, applicant):
    tobias = PersonFactory(name="Tobias F.", email="tobias@example.org")
    rows = [*SESSION_ROWS, ["2025-03-03", "60", "Nora New", "nora@example.org", "individual", "", "online"]]
    before = logs.dump(applicant)
    done = bring_in(rows, kind=SESSION)
    made = Person.objects.get(email="nora@example.org")
    assert (made.name, Person.objects.get(pk=tobias.pk).name, done.providers_made) == (
        "Nora New", "Tobias F.", [str(made.uuid)],
    )  # fmt: skip
    columns = ("minutes", "provider__email", "format", "group_size")
    assert list(Supervision.objects.order_by("on").values_list(*columns)) == [
        (60, "tobias@example.org", "individual", None), (60, "tobias@example.org", "individual", None),
        (90, None, "group", 5), (60, "nora@example.org", "individual", None),
    ]  # fmt: skip
    assert OutgoingMessage.objects.count() == 0, "no provider is written to"
    importing.undo(log_import=done, by=applicant.user)
    assert logs.dump(applicant) == before


def test_the_file_is_gone_with_the_import_and_its_blob_too(bring, applicant, django_capture_on_commit_callbacks):
    log_import = bring(logs.rows(2))
    blob = log_import.file.content.name
    assert default_storage.exists(blob)
    with django_capture_on_commit_callbacks(execute=True):
        log_imports.confirm(log_import=log_import, by=applicant.user)
    log_import.refresh_from_db()
    assert (log_import.state, log_import.file) == (ImportState.DONE, None)
    assert (StoredFile.objects.count(), default_storage.exists(blob)) == (0, False)


# --- Upload and columns ---------------------------------------------------------------------------


def test_a_file_that_cannot_be_taken_leaves_nothing(applicant):
    with pytest.raises(SheetRefused):
        log_imports.upload(person=applicant, by=applicant.user, kind=TRAINING, file=logs.file_of([]))
    assert (LogImport.objects.count(), StoredFile.objects.count(), "log_import.uploaded" in verbs()) == (0, 0, False)


def test_uploads_are_counted_as_other_files_are(applicant, settings):
    settings.UPLOADS_PER_HOUR = 1
    log_imports.upload(person=applicant, by=applicant.user, kind=TRAINING, file=logs.file_of(logs.rows(1)))
    with pytest.raises(Refused):
        log_imports.upload(person=applicant, by=applicant.user, kind=TRAINING, file=logs.file_of(logs.rows(1)))
    assert (LogImport.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_nobody_imports_for_somebody_else(applicant, other_applicant, bring):
    stranger = other_applicant.user
    file = logs.file_of(logs.rows(1))
    assert refused(log_imports.upload, person=applicant, by=stranger, kind=TRAINING, file=file) == "not_yours"
    log_import = bring(logs.rows(1))
    columns = Columns(places={})
    assert refused(log_imports.say_columns, log_import=log_import, by=stranger, columns=columns) == "not_yours"
    assert refused(log_imports.confirm, log_import=log_import, by=stranger) == "not_yours"
    assert refused(log_imports.put_aside, log_import=log_import, by=stranger) == "not_yours"
    assert refused(importing.undo, log_import=log_import, by=stranger) == "not_yours"
    assert Training.objects.count() == 0


def test_not_too_many_files_wait(applicant, monkeypatch, bring):
    monkeypatch.setattr(log_imports, "WAITING_MAX", 1)
    bring(logs.rows(1))
    file = logs.file_of(logs.rows(1))
    assert (
        refused(log_imports.upload, person=applicant, by=applicant.user, kind=TRAINING, file=file) == "too_many_waiting"
    )


def test_columns_are_remembered_and_used_at_once_for_the_next_file(applicant):
    headings = ["What", "When", "How long"]
    rows = [["A", "3/4/2025", "90"]]

    def upload():
        file = logs.file_of(rows, headings=headings)
        return log_imports.upload(person=applicant, by=applicant.user, kind=TRAINING, file=file)

    first = upload()
    assert first.columns == {}
    said = {"places": {"title": 0, "on": 1, "minutes": 2}, "for_all": {}, "unit": "minutes", "order": "day_first"}
    log_imports.say_columns(log_import=first, by=applicant.user, columns=queries.from_data(said))
    memory = RememberedColumns.objects.get()
    assert (memory.headings, memory.unit) == ({"what": "title", "when": "on", "how long": "minutes"}, "minutes")
    second = upload()
    assert second.columns == said
    (row,) = queries.dry_run(second).new
    assert (row.on, row.minutes) == (datetime.date(2025, 4, 3), 90)


def test_a_file_with_other_columns_is_asked_about_again(applicant, bring):
    bring(logs.rows(1))
    rows = [["2025-01-01", "A", "1", "x"]]
    file = logs.file_of(rows, headings=["Date", "Course", "Hours", "About"])
    assert log_imports.upload(person=applicant, by=applicant.user, kind=TRAINING, file=file).columns == {}
    assert RememberedColumns.objects.count() == 1


def test_saying_columns_and_confirming_need_a_waiting_file(applicant, bring, bring_in):
    done = bring_in(logs.rows(1))
    again = queries.columns_of(done)
    assert refused(log_imports.say_columns, log_import=done, by=applicant.user, columns=again) == "import_is_over"
    assert refused(log_imports.confirm, log_import=done, by=applicant.user) == "import_is_over"
    fresh = log_imports.upload(
        person=applicant, by=applicant.user, kind=SESSION, file=logs.file_of(SESSION_ROWS, headings=SESSION_HEADINGS)
    )
    assert refused(log_imports.confirm, log_import=fresh, by=applicant.user) == "columns_not_said"
    assert queries.columns_of(fresh) is None


def test_of_two_confirmations_one_wins(bring, applicant):
    log_import = bring(logs.rows(1))
    seen_elsewhere = LogImport.objects.get(pk=log_import.pk)
    log_imports.confirm(log_import=log_import, by=applicant.user)
    with pytest.raises(LostRace):
        log_imports.confirm(log_import=seen_elsewhere, by=applicant.user)


def test_a_file_is_put_aside_once_and_by_itself_after_a_day(bring, applicant, django_capture_on_commit_callbacks):
    first, second = bring(logs.rows(1)), bring(logs.rows(1))
    blob = first.file.content.name
    with django_capture_on_commit_callbacks(execute=True):
        log_imports.put_aside(log_import=first, by=applicant.user)
        log_imports.put_aside(log_import=first, by=applicant.user)
    assert (first.state, first.file, default_storage.exists(blob)) == (ImportState.DROPPED, None, False)
    assert verbs().count("log_import.put_aside") == 1
    now = timezone.now()
    assert log_imports.put_aside_stale(now=now + datetime.timedelta(hours=23)) == 0
    assert log_imports.put_aside_stale(now=now + datetime.timedelta(hours=25)) == 1
    second.refresh_from_db()
    assert (second.state, StoredFile.objects.count()) == (ImportState.DROPPED, 0)


def test_putting_aside_a_file_that_moved_on_is_refused(bring, applicant):
    log_import = bring(logs.rows(1))
    seen_elsewhere = LogImport.objects.select_related("file").get(pk=log_import.pk)
    log_imports.confirm(log_import=log_import, by=applicant.user)
    with pytest.raises(LostRace):
        log_imports.put_aside(log_import=seen_elsewhere, by=applicant.user)
    assert refused(log_imports.put_aside, log_import=log_import, by=applicant.user) == "import_is_over"


def test_a_waiting_import_always_has_its_file(bring):
    log_import = bring(logs.rows(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        LogImport.objects.filter(pk=log_import.pk).update(state=ImportState.PENDING, file=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        LogImport.objects.filter(pk=log_import.pk).update(state=ImportState.DONE)


# --- The worker -----------------------------------------------------------------------------------


@pytest.fixture
def pending(bring, applicant):
    log_import = bring(logs.rows(3))
    return log_imports.confirm(log_import=log_import, by=applicant.user)


def test_an_import_is_carried_out_once(pending):
    assert importing.run(import_uuid=pending.uuid).state == ImportState.DONE
    assert importing.run(import_uuid=pending.uuid) is None
    assert importing.run(import_uuid=uuid.uuid4()) is None
    assert Training.objects.count() == 3


def test_the_sweep_finds_what_a_lost_broker_lost_and_the_tasks_are_nudges(pending, bring, applicant):
    import_pending_logs()
    assert Training.objects.count() == 3
    other = bring([["2025-01-01", "B", "2", "", "", "", ""]])
    log_imports.confirm(log_import=other, by=applicant.user)
    import_log(str(other.uuid))
    assert Training.objects.count() == 4


def test_a_worker_that_lost_its_lease_writes_nothing(pending, monkeypatch):
    original = queries.dry_run

    def meanwhile(log_import, **kwargs):
        LogImport.objects.filter(pk=log_import.pk).update(lease_token="somebody else")
        return original(log_import, **kwargs)

    monkeypatch.setattr(queries, "dry_run", meanwhile)
    assert importing.run(import_uuid=pending.uuid) is None
    assert (Training.objects.count(), StoredFile.objects.count()) == (0, 1)


def test_a_vanished_workers_import_is_taken_again_after_its_lease(pending):
    now = timezone.now()
    assert importing.take(import_uuid=pending.uuid, now=now).state == ImportState.RUNNING
    assert importing.run_pending(now=now + datetime.timedelta(minutes=14)) == 0
    assert importing.run_pending(now=now + datetime.timedelta(minutes=16)) == 1
    assert Training.objects.count() == 3


def test_whose_worker_vanishes_each_time_ends_as_failed(pending):
    now = timezone.now()
    for attempt in range(importing.ATTEMPTS_MAX):
        assert importing.take(import_uuid=pending.uuid, now=now + attempt * importing.LEASE) is not None
    assert importing.take(import_uuid=pending.uuid, now=now + importing.ATTEMPTS_MAX * importing.LEASE) is None
    pending.refresh_from_db()
    assert (pending.state, pending.file, pending.error) == (
        ImportState.FAILED,
        None,
        "RuntimeError: the worker vanished",
    )


def test_a_fault_on_our_side_writes_nothing_is_tried_again_and_then_said(pending, monkeypatch):
    monkeypatch.setattr(Training.objects, "bulk_create", lambda *args, **kwargs: 1 / 0)
    now = timezone.now()
    for attempt in range(importing.ATTEMPTS_MAX):
        found = importing.run(import_uuid=pending.uuid, now=now + attempt * importing.LEASE)
        assert found is not None
        assert found.state == (ImportState.FAILED if attempt == importing.ATTEMPTS_MAX - 1 else ImportState.PENDING)
    assert found.error == "ZeroDivisionError: division by zero"
    assert (Training.objects.count(), StoredFile.objects.count()) == (0, 0)
    message = OutgoingMessage.objects.get()
    assert (message.key, message.context["done"]) == (f"import:{pending.uuid}", False)
    assert "log_import.failed" in verbs()


def test_half_an_import_is_no_import(bring, applicant, monkeypatch):
    """The providers are made, then the sessions fail: neither stays."""
    log_import = bring(SESSION_ROWS, kind=SESSION)
    log_imports.confirm(log_import=log_import, by=applicant.user)
    before = logs.dump(applicant)
    monkeypatch.setattr(Supervision.objects, "bulk_create", lambda *args, **kwargs: 1 / 0)
    importing.run(import_uuid=log_import.uuid)
    assert logs.dump(applicant) == before


def test_rows_that_cannot_be_read_any_more_fail_at_once(bring, applicant):
    """A provider known by name was renamed between the trial and the work."""
    tobias = PersonFactory(name="Tobias Fernhollow", email="tobias@example.org")
    SupervisionFactory(person=applicant, provider=tobias)
    log_import = bring([["2025-02-03", "60", "Tobias Fernhollow", "", "individual", "", "online"]], kind=SESSION)
    log_imports.confirm(log_import=log_import, by=applicant.user)
    Person.objects.filter(pk=tobias.pk).update(name="Tobias Oakfield")
    done = importing.run(import_uuid=log_import.uuid)
    assert (done.state, done.error) == (ImportState.FAILED, "ValueError: 1 rows cannot be read any more")
    assert Supervision.objects.count() == 1


def test_who_left_the_page_gets_a_message_and_who_stayed_does_not(pending, bring, applicant):
    importing.run(import_uuid=pending.uuid)
    assert OutgoingMessage.objects.count() == 0
    other = bring([["2025-01-01", "B", "2", "", "", "", ""]])
    now = timezone.now()
    log_imports.confirm(log_import=other, by=applicant.user, now=now)
    importing.run(import_uuid=other.uuid, now=now + datetime.timedelta(minutes=3))
    message = OutgoingMessage.objects.get()
    assert (message.key, message.context["added"], message.context["done"]) == (f"import:{other.uuid}", 1, True)


# --- Undoing --------------------------------------------------------------------------------------


@pytest.fixture
def done(bring_in):
    return bring_in(logs.rows(5))


def entry(number: int) -> Training:
    return Training.objects.get(title=f"Training {number}")


def test_an_undoing_is_refused_after_a_day_and_the_second_time(done, applicant):
    late = done.finished_at + datetime.timedelta(hours=24)
    assert refused(importing.undo, log_import=done, by=applicant.user, now=late) == "undo_is_over"
    assert Training.objects.count() == 5
    just_in_time = late - datetime.timedelta(seconds=1)
    importing.undo(log_import=done, by=applicant.user, now=just_in_time)
    assert refused(importing.undo, log_import=done, by=applicant.user) == "undo_is_over"
    assert "portfolio.log_import_undone" in verbs()


def change(training: Training, user) -> None:
    portfolio.save(
        kind=TRAINING, person=training.person, by=user, entry=training, values={"title": "By hand"}, seen_version=1
    )


def test_what_was_changed_or_used_since_is_named_and_stays(done, applicant):
    """An edited, a withdrawn and a proved entry are work that came after the import: they are never thrown away."""
    change(entry(0), applicant.user)
    portfolio.withdraw(entry=entry(1), by=applicant.user)
    proof = store_generated(b"x", name="a.pdf", content_type="application/pdf")
    Evidence.objects.create(person=applicant, file=proof, training=entry(2))
    staying = queries.touched(done)
    assert {row.title for row in staying} == {"By hand", "Training 1", "Training 2"}
    assert refused(importing.undo, log_import=done, by=applicant.user) == "changed_since"
    assert refused(importing.undo, log_import=done, by=applicant.user, keep=frozenset({"t-1"})) == "changed_since"
    assert Training.objects.count() == 5
    importing.undo(log_import=done, by=applicant.user, keep=frozenset(row.key for row in staying))
    assert set(Training.objects.all()) == set(staying)
    assert (done.kept, done.state) == (3, ImportState.UNDONE)


def test_who_changed_an_entry_after_looking_is_asked_again(done, applicant):
    assert queries.touched(done) == []
    change(entry(0), applicant.user)
    assert refused(importing.undo, log_import=done, by=applicant.user) == "changed_since"
    assert Training.objects.count() == 5


def test_sessions_that_a_provider_was_asked_about_stay_with_their_provider(bring_in, applicant):
    done = bring_in(SESSION_ROWS, kind=SESSION)
    tobias = Person.objects.get(email="tobias@example.org")
    supervision.ask_provider(person=applicant, provider=tobias, by=applicant.user)
    staying = queries.touched(done)
    assert [row.provider for row in staying] == [tobias, tobias]
    importing.undo(log_import=done, by=applicant.user, keep=frozenset(row.key for row in staying))
    assert Supervision.objects.count() == 2
    assert Person.objects.filter(pk=tobias.pk).exists()


def test_an_undoing_touches_no_other_import_and_no_other_person(done, bring_in, applicant, other_applicant):
    bring_in([["2025-01-01", "B", "2", "", "", "", ""]])
    TrainingFactory(person=other_applicant, key=f"{done.key_prefix}-00002")
    importing.undo(log_import=done, by=applicant.user)
    assert set(Training.objects.values_list("title", "person__email")) == {
        ("B", "maren@example.org"),
        (Training.objects.get(person=other_applicant).title, "samir@example.org"),
    }


def test_an_import_that_brought_nothing_yet_has_no_entries(bring):
    assert queries.entries_of_import(bring(logs.rows(1))).count() == 0


# --- People ---------------------------------------------------------------------------------------


def test_people_are_found_or_made_together(django_assert_num_queries):
    known = PersonFactory(email="known@example.org", name="Known")
    wanted = {"Known@example.org": "Other", "new@example.org": " New\n ", "nameless@example.org": ""}
    with django_assert_num_queries(3):
        found, made = find_or_create_many(wanted)
    assert found["known@example.org"] == known
    assert {person.email: person.name for person in made} == {
        "new@example.org": "New", "nameless@example.org": "nameless",
    }  # fmt: skip


def test_a_person_to_whom_anything_points_is_not_forgotten(applicant):
    used, unused = PersonFactory(), PersonFactory()
    SupervisionFactory(person=applicant, provider=used)
    assert forget_unused([used, unused, applicant]) == 1
    assert set(Person.objects.all()) == {used, applicant}


def test_the_dump_sees_every_column_of_an_entry(applicant):
    training = TrainingFactory(person=applicant)
    before = logs.dump(applicant)
    for field in ("title", "organizer", "minutes", "version"):
        Training.objects.filter(pk=training.pk).update(**{field: 7})
        assert logs.dump(applicant) != before
        Training.objects.filter(pk=training.pk).update(**{field: getattr(training, field)})
    assert logs.dump(applicant) == before
    assert json.loads(before)
