"""Backup and restore in one process: the manifest, the refusals, and a round trip of a few rows."""

import dataclasses
import datetime
import json
import shutil

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import strategies as st

from endorsement_portal.audit import actions as audit
from endorsement_portal.audit import triggers
from endorsement_portal.backup import blobs, manifest, tables, taking
from endorsement_portal.backup.manifest import BackupFault, FileEntry, Manifest, TableEntry
from endorsement_portal.files.intake import store_generated
from endorsement_portal.files.models import StoredFile
from tests.factories.competencies import TrainingFactory

pytestmark = pytest.mark.skipif(
    connection.vendor == "postgresql",
    reason="a restore sets sequences, which no rollback takes back; tests/faults/test_restore_drill.py does PostgreSQL",
)

SHA = "a" * 64
OTHER = "b" * 64
MANIFEST = Manifest(
    created_at="2026-05-12T17:00:00+00:00",
    migrations=(("members", "0001_initial"),),
    left_out=("django_session",),
    tables=(TableEntry("members_person", 2, SHA), TableEntry("members_user", 1, SHA)),
    files=(FileEntry(SHA, 5),),
)

# --- The manifest, pure ---------------------------------------------------------------------------


def test_a_manifest_is_read_as_it_was_written():
    assert manifest.from_json(manifest.to_json(MANIFEST)) == MANIFEST


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "endorsement-backup/9"}, "not of the format"),
        ({"tables": None}, "not complete"),
        ({"tables": [{"name": "a", "rows": 1}]}, "not complete"),
        ({"tables": [{"name": "a", "rows": -1, "sha256": SHA}]}, "no whole number"),
        ({"files": [{"sha256": "../../etc/passwd", "size": 1}]}, "no SHA-256"),
        ({"files": [{"sha256": 5, "size": 1}]}, "not complete"),
        ({"migrations": [["members"]]}, "not complete"),
        ({"note": "added"}, "does not write"),
    ],
)
def test_a_manifest_that_no_backup_wrote_is_refused(change, said):
    data = {**json.loads(manifest.to_json(MANIFEST)), **change}
    with pytest.raises(BackupFault, match=said):
        manifest.from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(BackupFault):
        manifest.from_json(text)


def test_a_missing_format_is_refused_and_a_fault_is_one_line():
    with pytest.raises(BackupFault, match="not of the format"):
        manifest.from_json("{}")
    assert str(BackupFault("two\nlines")) == "two lines"


def test_counts_and_hashes_in_words():
    assert MANIFEST.lines() == (
        f"members_person 2 {SHA}",
        f"members_user 1 {SHA}",
        f"file 5 {SHA}",
        "total 2 tables, 3 rows, 1 files, 5 bytes",
    )


def test_each_difference_is_named():
    found = dataclasses.replace(
        MANIFEST,
        tables=(TableEntry("members_person", 3, SHA), TableEntry("members_user", 1, OTHER), TableEntry("x", 0, SHA)),
        files=(FileEntry(OTHER, 5),),
    )
    assert manifest.differences(MANIFEST, MANIFEST) == ()
    assert manifest.differences(MANIFEST, found) == (
        "members_person has 3 rows instead of 2",
        "members_user was changed",
        "x is not in the manifest",
        f"file {SHA} is missing or was changed",
        f"file {OTHER} is not in the manifest",
    )
    assert manifest.differences(MANIFEST, dataclasses.replace(MANIFEST, tables=()))[0] == "members_person is missing"


def test_the_first_other_migration_is_named():
    assert manifest.other_migrations(MANIFEST, MANIFEST.migrations) == ""
    assert manifest.other_migrations(MANIFEST, ()) == (
        "the backup has the migration members.0001_initial, this site has not"
    )
    assert manifest.other_migrations(MANIFEST, (*MANIFEST.migrations, ("web", "0002_more"))) == (
        "this site has the migration web.0002_more, the backup has not"
    )


def test_order_puts_what_is_pointed_to_first():
    order = manifest.in_order({"b": frozenset({"c", "b"}), "a": frozenset({"b", "elsewhere"}), "c": frozenset()})
    assert order == ("c", "b", "a")
    assert manifest.in_order({"b": frozenset({"a"}), "a": frozenset({"b"})}) == ("a", "b")


@given(st.dictionaries(st.sampled_from("abcdef"), st.frozensets(st.sampled_from("abcdefg"))))
def test_order_names_everything_once(references):
    assert sorted(manifest.in_order(references)) == sorted(references)


# --- Tables ---------------------------------------------------------------------------------------


def test_every_table_of_the_database_is_in_or_left_out_on_purpose(db):
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    named = {model._meta.db_table for model in tables.kept()} | set(tables.left_out()) | {"django_migrations"}
    assert there == named
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert labels >= tables.LEFT_OUT | tables.FILLED_BY_MIGRATING


def test_nothing_kept_points_to_what_is_left_out():
    assert [
        (model._meta.label, field.name)
        for model in tables.kept()
        for field in tables.columns(model)
        if field.is_relation and field.related_model._meta.label in tables.LEFT_OUT
    ] == []


def test_only_stored_files_lie_in_the_storage():
    assert [
        model._meta.label
        for model in tables.kept()
        for field in tables.columns(model)
        if field.get_internal_type() in {"FileField", "ImageField"}
    ] == [StoredFile._meta.label]


def test_a_value_without_words_is_no_silent_text():
    with pytest.raises(BackupFault, match="object"):
        tables._plain(object())
    assert tables._plain(b"\x00\x01") == "AAE="
    assert tables._plain(datetime.time(9, 30)) == "09:30:00"


# --- Round trip -----------------------------------------------------------------------------------


@pytest.fixture
def backup(applicant, tmp_path):
    """A backup of a site with a person, a training, a file (twice the same content), and sealed history."""
    training = TrainingFactory(person=applicant)
    for name in ("one.txt", "two.txt"):
        store_generated(b"the same words", name=name, content_type="text/plain")
    audit.record(verb="training.added", obj=training, text="Äther")
    audit.seal()
    folder = tmp_path / "backup"
    call_command("backup", str(folder))
    return folder


def blank_site():
    """As after migrating, but in this test's transaction."""
    for row in StoredFile.objects.all():
        default_storage.delete(row.content.name)
    connection.check_constraints()
    triggers.remove(connection)
    for model in reversed(tables.kept()):
        tables.empty(model)
    connection.check_constraints()
    triggers.install(connection)


def test_what_was_there_is_there_again(backup, applicant, capsys):
    stored = blobs.of_rows()
    blank_site()
    call_command("restore", str(backup))
    printed = capsys.readouterr().out.splitlines()
    promised = manifest.from_json((backup / "manifest.json").read_text())
    assert printed[-2].startswith("total ")
    assert tuple(printed[:-1])[-len(promised.lines()) :] == promised.lines()
    assert len(promised.files) == 1
    assert blobs.of_rows() == stored
    assert set(blobs.checked(stored)) == set(promised.files)
    applicant.refresh_from_db()
    call_command("verify_audit")


def test_a_backup_holds_no_session_and_is_readable_by_its_owner_only(backup):
    written = {path.name for path in (backup / "tables").iterdir()}
    assert written.isdisjoint({f"{name}.jsonl" for name in tables.left_out()})
    assert backup.stat().st_mode & 0o077 == 0


def test_a_file_that_lies_there_already_is_kept_when_it_is_the_same(backup):
    blob = blobs.of_rows()[0]
    blank_site()
    default_storage.save(blob.name, ContentFile(b"the same words"))
    call_command("restore", str(backup))
    assert StoredFile.objects.count() == 2


def refusal(*arguments):
    with pytest.raises(CommandError) as caught:
        call_command(*map(str, arguments))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_another_file_in_the_way_is_refused_and_nothing_stays(backup):
    first, second = blobs.of_rows()
    blank_site()
    default_storage.save(second.name, ContentFile(b"other words"))
    assert "Another file lies where" in refusal("restore", backup)
    assert not default_storage.exists(first.name)
    assert not StoredFile.objects.exists()


def test_a_site_in_use_is_refused(backup):
    assert "This site is not empty" in refusal("restore", backup)


def test_rows_that_contradict_the_site_are_refused_and_files_taken_back(backup, monkeypatch):
    """A crafted backup whose hashes are right: constraints of the database still stand."""
    name = blobs.of_rows()[0].name
    blank_site()
    rewrite(backup, "members_person", lambda row: {**row, "user_id": 987654})
    assert "Nothing was restored" in refusal("restore", backup)
    assert not default_storage.exists(name)


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("members_person", lambda row: {"id": 1}, "other columns"),
        ("members_person", lambda row: [row], "other columns"),
        ("members_person", lambda row: {**row, "created_at": "yesterday"}, "Nothing was restored"),
        ("files_storedfile", lambda row: {**row, "size": 1}, "other files than the manifest"),
        ("files_storedfile", lambda row: {"id": 1}, "Nothing was restored"),
        ("files_storedfile", lambda row: {**row, "content": "../outside"}, "cannot be"),
    ],
)
def test_crafted_rows_are_refused(backup, table, change, said):
    blank_site()
    rewrite(backup, table, change)
    assert said in refusal("restore", backup)


def rewrite(folder, table, change):
    """Change each row, and let the manifest agree."""
    path = folder / "tables" / f"{table}.jsonl"
    rows = [json.dumps(change(json.loads(line)), sort_keys=True) for line in path.read_text().splitlines()]
    path.write_text("".join(f"{row}\n" for row in rows))
    promised = manifest.from_json((folder / "manifest.json").read_text())
    with path.open("rb") as lines:
        entry = TableEntry(table, len(rows), blobs.digest(lines).sha256)
    entries = tuple(entry if old.name == table else old for old in promised.tables)
    (folder / "manifest.json").write_text(manifest.to_json(dataclasses.replace(promised, tables=entries)))


def test_a_restore_that_reads_back_something_else_is_taken_back(backup, monkeypatch):
    blank_site()
    monkeypatch.setattr(tables, "insert", lambda model, lines: None)
    assert "rows instead of" in refusal("restore", backup)
    assert not default_storage.exists(blobs.of_rows()[0].name if blobs.of_rows() else "none")


def test_a_folder_that_is_no_backup_is_refused(backup, tmp_path):
    assert "cannot be read" in refusal("restore", tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "cannot be read" in refusal("restore", tmp_path / "empty")
    (backup / "manifest.json").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in refusal("restore", backup)


def test_another_version_is_refused(backup):
    text = (backup / "manifest.json").read_text()
    promised = manifest.from_json(text)
    fewer = dataclasses.replace(promised, migrations=promised.migrations[1:])
    (backup / "manifest.json").write_text(manifest.to_json(fewer))
    assert "Not of this version: this site has the migration" in refusal("restore", backup)
    less = dataclasses.replace(promised, tables=promised.tables[1:])
    (backup / "tables" / f"{promised.tables[0].name}.jsonl").unlink()
    (backup / "manifest.json").write_text(manifest.to_json(less))
    assert "the backup has other tables" in refusal("restore", backup)


def test_a_site_that_is_not_migrated_is_refused(db, monkeypatch, tmp_path):
    monkeypatch.setattr(tables.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert "run migrate first" in refusal("backup", tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_a_lost_or_changed_file_fails_the_backup_and_leaves_nothing(db, tmp_path):
    row = store_generated(b"words", name="a.txt", content_type="text/plain")
    default_storage.delete(row.content.name)
    assert "cannot be read" in refusal("backup", tmp_path / "backup")
    default_storage.save(row.content.name, ContentFile(b"other"))
    assert "not what its row says" in refusal("backup", tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_not_written_over(db, tmp_path):
    (tmp_path / "here").write_text("mine")
    assert "not an empty folder" in refusal("backup", tmp_path)
    assert "not an empty folder" in refusal("backup", tmp_path / "here")
    assert "cannot be written" in refusal("backup", tmp_path / "no" / "such")
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    (tmp_path / "empty").mkdir()
    call_command("backup", str(tmp_path / "empty"))
    assert (tmp_path / "empty" / "manifest.json").is_file()


def test_a_full_disk_leaves_no_folder(db, tmp_path, monkeypatch):
    def full(model, folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking, "_write", full)
    assert "No space left" in refusal("backup", tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_a_storage_that_names_otherwise_is_refused(backup, monkeypatch):
    blank_site()
    storage = type(default_storage._wrapped)
    save = storage.save
    monkeypatch.setattr(storage, "save", lambda self, name, content: save(self, f"{name}-2", content))
    assert "otherwise" in refusal("restore", backup)
    monkeypatch.setattr(storage, "save", lambda self, name, content: 1 / 0)
    assert "cannot be stored" in refusal("restore", backup)


def test_a_backup_of_a_backup_is_the_same(backup, tmp_path):
    call_command("backup", str(tmp_path / "again"))
    for path in (backup / "tables").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / "tables" / path.name).read_bytes()
    shutil.rmtree(backup)
    assert QuerySet(StoredFile).count() == 2


def test_a_file_under_another_hash_is_refused(backup):
    stored = next((backup / "files").iterdir())
    stored.rename(backup / "files" / OTHER)
    assert f"file {OTHER} was changed" in refusal("restore", backup)


def test_two_faults_are_told_as_one_and_a_number(backup):
    for name in ("members_person", "members_user"):
        (backup / "tables" / f"{name}.jsonl").write_bytes(b"")
    assert refusal("restore", backup).endswith("(and 1 more)")


def test_a_snapshot_of_its_own_begins_and_ends(monkeypatch):
    """Outside a transaction: a reader's own on SQLite, REPEATABLE READ on PostgreSQL (the drill runs both for real)."""
    said: list[str] = []

    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def execute(self, statement):
            said.append(statement)

    class Connection:
        in_atomic_block = False
        vendor = "sqlite"
        cursor = Cursor

    monkeypatch.setattr(taking, "connection", Connection)
    monkeypatch.setattr(taking.transaction, "atomic", Cursor)
    with pytest.raises(ZeroDivisionError), taking.snapshot():
        said.append(str(1 / 0))
    Connection.vendor = "postgresql"
    with taking.snapshot():
        said.append("rows")
    assert said == ["BEGIN DEFERRED", "ROLLBACK", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", "rows"]
