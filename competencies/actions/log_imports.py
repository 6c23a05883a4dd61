"""A log on its way into the portfolio: uploaded, its columns said, confirmed, put aside. `importing` carries it out."""

import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.enums import EntryKind, ImportState
from competencies.keys import new_key
from competencies.log_import.columns import Columns, remembered_of
from competencies.log_import.fields import KINDS
from competencies.models import LogImport, RememberedColumns
from competencies.queries import log_imports as queries
from competencies.rules import is_own_person
from endorsement_portal.audit import actions as audit
from endorsement_portal.files import storing
from endorsement_portal.sheets import intake
from endorsement_portal.web.jobs import enqueue
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import Person, User

WAITING_MAX = 10
"""Files of one person that may wait at the same time."""


def upload(*, person: Person, by: User, kind: EntryKind, file: UploadedFile) -> LogImport:
    """Read a spreadsheet and keep its table for a day. Remembered columns that answer everything are used at once.

    Raises sheets.SheetRefused or files.Refused for a file that cannot be taken, and then keeps nothing.
    """
    _refuse_strangers(person, by)
    assert kind in KINDS, f"logs of {kind} are not imported"
    if LogImport.objects.filter(person=person, state=ImportState.READ).count() >= WAITING_MAX:
        raise NotAllowed.because(
            "too_many_waiting",
            _("%(count)d files of yours wait already.") % {"count": WAITING_MAX},
            fix=_("Import them or put them aside first."),
        )
    with transaction.atomic():
        found, stored = intake.receive(file, by=by)
        columns, complete = queries.first_columns(person, kind, found.table)
        log_import = LogImport.objects.create(
            person=person,
            kind=kind,
            file=stored,
            file_name=found.name,
            sha256=found.sha256,
            row_count=len(found.table.rows),
            columns=columns.as_data() if complete else {},
            created_by=by,
        )
        audit.record(verb="log_import.uploaded", obj=log_import, by=by, data=_identity(log_import))
    return log_import


def say_columns(*, log_import: LogImport, by: User, columns: Columns) -> LogImport:
    """What the columns mean, for this file and remembered for the next one."""
    _refuse_strangers(log_import.person, by)
    table = queries.table_for(_waiting_for_its_person(log_import))
    with transaction.atomic():
        _change(log_import, ImportState.READ, columns=columns.as_data())
        RememberedColumns.objects.update_or_create(
            person=log_import.person,
            kind=log_import.kind,
            defaults={
                "headings": remembered_of(table, columns),
                "for_all": dict(columns.for_all),
                "unit": columns.unit.value if columns.unit else "",
                "order": columns.order.value if columns.order else "",
            },
        )
    return log_import


def confirm(*, log_import: LogImport, by: User, now: datetime.datetime | None = None) -> LogImport:
    """Hand a file without faults to the importer. Raises NotAllowed when it has any, or nothing new."""
    _refuse_strangers(log_import.person, by)
    moment = now or timezone.now()
    if not _waiting_for_its_person(log_import).columns:
        raise NotAllowed.because(
            "columns_not_said", _("Nobody has said what the columns mean."), fix=_("Choose the columns first.")
        )
    _refuse_faults(queries.dry_run(log_import, now=moment))
    with transaction.atomic():
        _change(
            log_import,
            ImportState.READ,
            state=ImportState.PENDING,
            confirmed_at=moment,
            key_prefix=new_key(EntryKind(log_import.kind)),
        )
        audit.record(verb="log_import.confirmed", obj=log_import, by=by, data=_identity(log_import))
        enqueue("competencies.import_log", str(log_import.uuid))
    return log_import


def _refuse_faults(found: queries.DryRun) -> None:
    if found.faults:
        rows = found.faulty_rows
        words = ngettext("%(n)d row cannot be read.", "%(n)d rows cannot be read.", rows) % {"n": rows}
        raise NotAllowed.because("log_has_faults", words, fix=_("Correct the file and upload it again."))
    if not found.new:
        raise NotAllowed.because(
            "nothing_new", _("Every row of this file stands in your portfolio already. There is nothing to import.")
        )


def put_aside(*, log_import: LogImport, by: User | None, now: datetime.datetime | None = None) -> LogImport:
    """Forget a file that was not imported. Doing it twice does nothing. `by=None` is the daily sweep."""
    if by is not None:
        _refuse_strangers(log_import.person, by)
    if log_import.state == ImportState.DROPPED:
        return log_import
    with transaction.atomic():
        stored = _waiting_for_its_person(log_import).file
        assert stored is not None
        _change(log_import, ImportState.READ, state=ImportState.DROPPED, file=None, finished_at=now or timezone.now())
        storing.discard(stored)
        audit.record(verb="log_import.put_aside", obj=log_import, by=by, data=_identity(log_import))
    return log_import


def put_aside_stale(*, now: datetime.datetime | None = None) -> int:
    """Forget the files that nobody came back for; how many."""
    moment = now or timezone.now()
    rows = list(queries.stale(moment).select_related("person", "file"))
    for log_import in rows:
        put_aside(log_import=log_import, by=None, now=moment)
    return len(rows)


def _waiting_for_its_person(log_import: LogImport) -> LogImport:
    if log_import.state != ImportState.READ or log_import.file is None:
        raise NotAllowed.because(
            "import_is_over",
            _("This file is not waiting any more."),
            fix=_("Upload it again if you want to import it."),
        )
    return log_import


def _change(log_import: LogImport, seen: ImportState, **values: object) -> None:
    """Write when the import still stands where the page saw it."""
    rows = LogImport.objects.filter(pk=log_import.pk, state=seen)
    if not rows.update(**values, updated_at=timezone.now()):
        raise LostRace.because(
            "import_moved_on", _("This import was changed in another window."), fix=_("Look at it again.")
        )
    log_import.refresh_from_db()


def _refuse_strangers(person: Person, by: User) -> None:
    if not is_own_person(by, person):
        raise NotAllowed.because("not_yours", _("Only the person themself changes their portfolio."))


def _identity(log_import: LogImport) -> dict[str, object]:
    return {"kind": str(log_import.kind), "rows": log_import.row_count, "sha256": log_import.sha256}
