"""Carrying out an import, and undoing it: a row is taken by lease, read outside any transaction, written in one.

All rows are written or none. A worker that is killed leaves an expired lease; the sweep takes the row again, and since
the keys of the entries are fixed when the person confirms, nothing can be written twice.
"""

import datetime
import logging
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.enums import EntryKind, ImportState
from competencies.log_import.rows import AnyRow, SessionRow, TrainingRow
from competencies.models import LogImport, Supervision, Training
from competencies.queries import log_imports as queries
from competencies.queries.portfolio import MODELS
from competencies.rules import is_own_person
from endorsement_portal.audit import actions as audit
from endorsement_portal.files import storing
from endorsement_portal.outbox import actions as outbox
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import LostRace, NotAllowed
from members.actions import people
from members.models import Person, User
from members.queries import recipient

logger = logging.getLogger(__name__)

ATTEMPTS_MAX = 3
LEASE = datetime.timedelta(minutes=15)
PAUSE = datetime.timedelta(seconds=30)
SWEEP_MAX = 20
BATCH = 500
LEFT_THE_PAGE = datetime.timedelta(minutes=2)
"""Whoever waited longer than this gets a message; before that the page itself says it (N26)."""


def run(*, import_uuid: uuid.UUID | str, now: datetime.datetime | None = None) -> LogImport | None:
    """Carry out one import, if it waits. Whatever goes wrong is written on the row; nothing is raised."""
    log_import = take(import_uuid=import_uuid, now=now)
    if log_import is None:
        return None
    moment = now or timezone.now()
    try:
        found = queries.dry_run(log_import, now=log_import.confirmed_at)
        if found.faults:
            return _failed(
                log_import, ValueError(f"{found.faulty_rows} rows cannot be read any more"), moment, last=True
            )
        _progress(log_import, 60)
        return _write(log_import, found, moment)
    except LostRace:
        return None
    except Exception as error:  # any fault of one import stays its own
        logger.exception("Import %s failed", log_import.uuid)
        return _failed(log_import, error, moment)


def take(*, import_uuid: uuid.UUID | str, now: datetime.datetime | None = None) -> LogImport | None:
    """Lease an import for this worker; None when it is done, failed, or in somebody else's hands."""
    moment = now or timezone.now()
    rows = queries.waiting(moment).filter(uuid=import_uuid)
    taken = rows.filter(attempts__lt=ATTEMPTS_MAX).update(
        state=ImportState.RUNNING,
        lease_token=str(uuid.uuid4()),
        lease_until=moment + LEASE,
        attempts=F("attempts") + 1,
        progress=10,
        updated_at=moment,
    )
    found = LogImport.objects.select_related("person__user", "file").filter(uuid=import_uuid).first()
    if taken:
        return found
    if found is not None and rows.exists():
        _failed(found, RuntimeError("the worker vanished"), moment)
    return None


def _mine(log_import: LogImport) -> Any:
    return LogImport.objects.filter(
        pk=log_import.pk, state=ImportState.RUNNING, lease_token=log_import.lease_token
    )  # fmt: skip


def _progress(log_import: LogImport, percent: int) -> None:
    _mine(log_import).filter(progress__lt=percent).update(progress=percent, updated_at=timezone.now())


def _write(log_import: LogImport, found: queries.DryRun, now: datetime.datetime) -> LogImport:
    """All entries, the end of the import and its history in one transaction. Raises LostRace without the lease."""
    stored = log_import.file
    assert stored is not None, "a constraint holds it while the import waits"
    with transaction.atomic():
        made = _entries(log_import, found.new)
        finished = _mine(log_import).update(
            state=ImportState.DONE,
            file=None,
            added=len(found.new),
            left_out=len(found.duplicates),
            providers_made=[str(person.uuid) for person in made],
            progress=100,
            error="",
            lease_token="",
            lease_until=None,
            finished_at=now,
            updated_at=now,
        )
        if not finished:
            raise LostRace.because("lease_lost", "Another worker carries out this import")
        storing.discard(stored)
        counts = {"kind": str(log_import.kind), "added": len(found.new), "left_out": len(found.duplicates)}
        audit.record(verb="portfolio.log_imported", obj=log_import, by=log_import.created_by, data=counts)
        log_import.refresh_from_db()
        _tell(log_import, now)
    return log_import


def _entries(log_import: LogImport, rows: tuple[AnyRow, ...]) -> tuple[Person, ...]:
    """Write the entries in a few statements; the people who were not known before."""
    common = {"person": log_import.person}
    trainings = [
        Training(**common, key=_key(log_import, row), **row.values()) for row in rows if isinstance(row, TrainingRow)
    ]
    Training.objects.bulk_create(trainings, batch_size=BATCH)
    sessions = [row for row in rows if isinstance(row, SessionRow)]
    addresses = {row.provider.email: row.provider.name for row in sessions if row.provider}
    providers, made = people.find_or_create_many(addresses)
    Supervision.objects.bulk_create(
        [
            Supervision(
                **common,
                key=_key(log_import, row),
                provider=providers[row.provider.email] if row.provider else None,
                **row.values(),
            )
            for row in sessions
        ],
        batch_size=BATCH,
    )
    return made


def _key(log_import: LogImport, row: AnyRow) -> str:
    return f"{log_import.key_prefix}-{row.number:05d}"


def _failed(log_import: LogImport, error: Exception, now: datetime.datetime, *, last: bool = False) -> LogImport:
    """Try again later; after the last attempt the import has failed, its file goes, and its person is told."""
    last = last or log_import.attempts >= ATTEMPTS_MAX
    stored = log_import.file
    assert stored is not None, "a constraint holds it while the import waits"
    with transaction.atomic():
        rows = LogImport.objects.filter(pk=log_import.pk, lease_token=log_import.lease_token)
        changed = rows.filter(state=ImportState.RUNNING).update(
            state=ImportState.FAILED if last else ImportState.PENDING,
            error=f"{type(error).__name__}: {error}"[:500].replace("\x00", ""),
            lease_token="",
            lease_until=None if last else now + PAUSE * log_import.attempts,
            progress=0,
            finished_at=now if last else None,
            **({"file": None} if last else {}),
            updated_at=now,
        )
        log_import.refresh_from_db()
        if changed and last:
            storing.discard(stored)
            audit.record(verb="log_import.failed", obj=log_import, data={"attempts": log_import.attempts})
            _tell(log_import, now)
    return log_import


def _tell(log_import: LogImport, now: datetime.datetime) -> None:
    done = log_import.state == ImportState.DONE
    if done and log_import.confirmed_at is not None and now - log_import.confirmed_at < LEFT_THE_PAGE:
        return
    outbox.post(
        key=f"import:{log_import.uuid}",
        kind="log_imported",
        template="log_imported",
        to=recipient(log_import.person),
        context={
            "file": log_import.file_name,
            "done": done,
            "added": log_import.added,
            "left_out": log_import.left_out,
            "address": absolute("portfolio:import", log_import.uuid),
        },
        required=False,
    )


def run_pending(*, now: datetime.datetime | None = None) -> int:
    """The sweep: carry out what still waits, the oldest first; how many were taken."""
    moment = now or timezone.now()
    found = list(queries.waiting(moment).order_by("created_at", "pk").values_list("uuid", flat=True)[:SWEEP_MAX])
    return sum(run(import_uuid=import_uuid, now=now) is not None for import_uuid in found)


def undo(
    *, log_import: LogImport, by: User, keep: frozenset[str] = frozenset(), now: datetime.datetime | None = None
) -> LogImport:
    """Take back what an import brought, within a day of it.

    Entries that were changed, withdrawn, given a file, or sent to a provider since are work that came after the import:
    taking them away would lose what the person did by hand. So the undoing stops, names them, and goes on only when
    `keep` holds the keys of exactly those entries: the person has seen the list and agrees that they stay.
    """
    moment = now or timezone.now()
    if not is_own_person(by, log_import.person):
        raise NotAllowed.because("not_yours", _("Only the person themself changes their portfolio."))
    with transaction.atomic():
        LogImport.objects.select_for_update().get(pk=log_import.pk)
        log_import.refresh_from_db()
        if not queries.may_undo(log_import, moment):
            raise NotAllowed.because(
                "undo_is_over",
                _("An import can be undone for 24 hours."),
                fix=_("Withdraw the entries that you do not want."),
            )
        going = list(queries.untouched(log_import).select_for_update().values_list("pk", flat=True))
        staying = {entry.key for entry in queries.touched(log_import)}
        if staying != keep:
            raise NotAllowed.because("changed_since", _stay_words(len(staying)), fix=_("Look at the list and decide."))
        MODELS[EntryKind(log_import.kind)].objects.filter(pk__in=going).delete()
        people.forget_unused(Person.objects.filter(uuid__in=log_import.providers_made))
        LogImport.objects.filter(pk=log_import.pk).update(
            state=ImportState.UNDONE, undone_at=moment, kept=len(staying), updated_at=moment
        )
        counts = {"kind": str(log_import.kind), "removed": len(going), "kept": len(staying)}
        audit.record(verb="portfolio.log_import_undone", obj=log_import, by=by, data=counts)
    log_import.refresh_from_db()
    return log_import


def _stay_words(count: int) -> str:
    return ngettext(
        "%(n)d entry was changed or used since the import.",
        "%(n)d entries were changed or used since the import.",
        count,
    ) % {"n": count}
