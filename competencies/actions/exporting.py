"""A person's own data as a ZIP: asked for, made behind the page, kept for seven days, removed.

Row first, job second (`endorsement_portal.jobs`). Nothing about a person's applications decides whether they get it:
it is theirs before, during and after, and after a refusal too.
"""

import datetime
import logging
import tempfile
import uuid
from collections.abc import Iterator
from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competencies.enums import ExportContents
from competencies.models import Export
from competencies.own_data import about, paper
from competencies.own_data import archive as archives
from competencies.own_data.tables import FileLine, file_table, tables
from competencies.portable import as_portable
from competencies.queries import own_data as queries
from competencies.queries.portable import member_of
from competencies.rules import is_own_person
from endorsement_portal import jobs
from endorsement_portal.audit import actions as audit
from endorsement_portal.files import downloads, large, storing
from endorsement_portal.files.models import StoredFile
from endorsement_portal.outbox import actions as outbox
from endorsement_portal.sheets.writing import csv_bytes
from endorsement_portal.web.addresses import absolute
from endorsement_portal.web.dates import day_in
from endorsement_portal.web.jobs import enqueue
from endorsement_portal.workflow import NotAllowed
from members.models import Person, User
from members.queries import recipient

logger = logging.getLogger(__name__)

ZIP = "application/zip"
TABLE_LANGUAGE = "en"
"""Headings are read by programs too: one language."""
SWEEP_MAX = 20


def ask(
    *,
    person: Person,
    by: User,
    contents: ExportContents = ExportContents.EVERYTHING,
    now: datetime.datetime | None = None,
) -> Export:
    """Ask for a ZIP; the one that is being made, when there is one. Raises NotAllowed past five in a day."""
    moment = now or timezone.now()
    if not is_own_person(by, person):
        raise NotAllowed.because("not_yours", _("Only the person themself takes their data along."))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        waiting = queries.running(person)
        if waiting is not None:
            return waiting
        if queries.asked_today(person, moment) >= queries.PER_DAY_MAX:
            raise NotAllowed.because(
                "too_often",
                _("You have made %(count)d ZIPs in 24 hours.") % {"count": queries.PER_DAY_MAX},
                fix=_("Download the last one, or come back tomorrow."),
            )
        export = Export.objects.create(person=person, contents=contents, created_by=by)
        audit.record(verb="own_data.asked", obj=export, by=by, data={"contents": contents})
        enqueue("competencies.export", str(export.uuid))
    return export


def run(*, export_uuid: uuid.UUID | str, now: datetime.datetime | None = None) -> bool:
    """Make one ZIP, if it waits. Whatever goes wrong stands on the row; nothing is raised."""
    row = Export.objects.filter(uuid=export_uuid).values_list("pk", flat=True).first()
    rows = Export.objects.select_related("person__user")
    return row is not None and jobs.work(rows, row, lambda export: _make(export, now or timezone.now()), now=now)


def run_pending(*, now: datetime.datetime | None = None) -> int:
    """The sweep: what waits, the oldest first; how many were taken."""
    found = list(queries.due(now or timezone.now()).order_by("created_at", "pk").values_list("uuid", flat=True))
    return sum(run(export_uuid=export_uuid, now=now) for export_uuid in found[:SWEEP_MAX])


def remove_expired(*, now: datetime.datetime | None = None) -> int:
    """Remove the ZIPs that have been ready for seven days; how many."""
    moment = now or timezone.now()
    rows = list(queries.expired(moment).select_related("file"))
    for export in rows:
        with transaction.atomic():
            _remove(export, moment)
    return len(rows)


def note_download(*, export: Export, by: User) -> None:
    """Write down that the ZIP left the house."""
    audit.record(verb="own_data.downloaded", obj=export, by=by, data={"sha256": export.file.sha256})  # type: ignore[union-attr]


def _make(export: Export, now: datetime.datetime) -> None:
    with tempfile.TemporaryFile(prefix="export-") as handle:
        write = _write_files if export.contents == ExportContents.FILES else _write_everything
        counts = write(export, handle)
        _finish(export, handle, counts, now)


def _write_files(export: Export, handle: IO[bytes]) -> dict[str, int]:
    """The files, and the sheet that says which entry each belongs to."""
    _progress(export, 10)
    with archives.Archive(handle, export.created_at) as archive:
        lines = list(_files(export, archive, queries.own_files(export.person)))
        with translation.override(TABLE_LANGUAGE):
            archive.add_sheet(file_table(lines), csv_bytes)
    left_out = sum(not line.path for line in lines)
    return {"entries": 0, "files": len(lines) - left_out, "left_out": left_out}


def _write_everything(export: Export, handle: IO[bytes]) -> dict[str, int]:
    """The whole ZIP; how many entries and files are in it, and how many files could not be."""
    person = export.person
    found = queries.own_data(person)
    _progress(export, 10)
    with archives.Archive(handle, export.created_at) as archive:
        archive.add_json(archives.PORTFOLIO, as_portable(member_of(person), found.vouched))
        lines = list(_files(export, archive, found.files))
        archive.add_json(archives.MORE, archives.more(found.keys(), lines))
        with translation.override(TABLE_LANGUAGE):
            for table in tables(found.facts, files=lines, descriptions=found.descriptions):
                archive.add_sheet(table, csv_bytes)
        _progress(export, 70)
        with translation.override(person.language or TABLE_LANGUAGE):
            archive.add(archives.PAPER, paper.render(person, found.facts, lines, export.created_at))
            made_on = date_format(day_in(export.created_at, person.time_zone))
            words = about.text(name=person.name, made_on=made_on, address=absolute("portfolio:own_data"))
            archive.add(archives.ABOUT, words.encode())
    left_out = sum(not line.path for line in lines)
    return {"entries": found.facts.entry_count(), "files": len(lines) - left_out, "left_out": left_out}


def _files(export: Export, archive: archives.Archive, files: tuple[queries.OwnFile, ...]) -> Iterator[FileLine]:
    """Each file copied; those held back by the virus scan or gone from the storage are said, not passed over."""
    for number, own in enumerate(files, start=1):
        stored = own.evidence.file
        try:
            if downloads.may_leave(stored):
                with stored.content.open("rb") as source:
                    archive.add_file(own.line.path, source, stored.size)
                yield own.line
            else:
                yield queries.left_out(own.line, "held back by the virus scan")
        except FileNotFoundError:
            logger.exception("Export %s: the blob of file %s is gone", export.uuid, stored.uuid)
            yield queries.left_out(own.line, "missing from the storage")
        _progress(export, 10 + 50 * number // len(files))


def _progress(export: Export, percent: int) -> None:
    jobs.mine(export).filter(progress__lt=percent).update(progress=percent)


def _finish(export: Export, handle: IO[bytes], counts: dict[str, int], now: datetime.datetime) -> None:
    """The blob, then its row with the export's in one transaction. A worker that lost its lease leaves nothing."""
    what = "files" if export.contents == ExportContents.FILES else "portfolio"
    name = f"{what}-{export.created_at:%Y-%m-%d}.zip"
    stored: StoredFile | None = None
    try:
        with transaction.atomic():
            stored = large.store_made(handle, name=name, content_type=ZIP)
            jobs.finish(export, file=stored, progress=100, ready_at=now, updated_at=now, **counts)
            for former in queries.ready(export.person, export.contents).exclude(pk=export.pk):
                _remove(former, now)
            audit.record(verb="own_data.made", obj=export, data={"sha256": stored.sha256, **counts})
            _tell(export)
    except Exception:  # raised again: only the blob, which no rollback takes back, is removed first
        if stored is not None:
            default_storage.delete(str(stored.content.name))
        raise


def _remove(export: Export, now: datetime.datetime) -> None:
    stored = export.file
    gone = Export.objects.filter(pk=export.pk, file__isnull=False).update(file=None, removed_at=now, updated_at=now)
    if gone and stored is not None:
        storing.discard(stored)
        audit.record(verb="own_data.removed", obj=export, data={"sha256": stored.sha256})


def _tell(export: Export) -> None:
    outbox.post(
        key=f"export:{export.uuid}",
        kind="own_data_ready",
        template="own_data_ready",
        to=recipient(export.person),
        context={
            "files_only": export.contents == ExportContents.FILES,
            "entries": export.entries,
            "files": export.files,
            "until": queries.kept_until(export),
            "zone": export.person.time_zone,
            "address": absolute("portfolio:own_data"),
        },
        required=False,
    )
