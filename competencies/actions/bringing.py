"""A member brings a portfolio along, and a coordinator accepts the confirmations in it (decision 14)."""

from collections.abc import Collection
from typing import IO

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.actions.imports import Imported, import_portfolio
from competencies.models import Supervision
from competencies.own_data.opening import JSON_BYTES_MAX, Opened, is_zip, opened, read_json
from competencies.portable import PortableFault, from_portable
from competencies.queries.portable import standing_codes
from competencies.rules import is_own_person, may_accept_imported
from endorsement_portal.audit import actions as audit
from endorsement_portal.outbox import actions as outbox
from endorsement_portal.web import limits
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import NotAllowed
from members.enums import Provenance
from members.models import Association, Person, User
from members.queries import recipient

PER_HOUR_MAX = 10
HOUR = 3600


def bring(*, person: Person, by: User, file: IO[bytes]) -> Imported:
    """All of a portable portfolio (JSON, or a ZIP of own data) into one's own, or nothing.

    What others confirmed elsewhere is only stated here. Raises PortableFault with each fault by its path.
    """
    if not is_own_person(by, person):
        raise NotAllowed.because("not_yours", _("Only the person themself changes their portfolio."))
    if not limits.allow(f"bring:{by.pk}", limit=PER_HOUR_MAX, seconds=HOUR):
        raise NotAllowed.because(
            "too_often", _("You have tried this many times within the hour."), fix=_("Wait a little, then go on.")
        )
    found = _opened(file)
    _member, facts = from_portable(found.data, codes=standing_codes())
    return import_portfolio(person=person, facts=facts, by=by, trusted=False, keys=found.keys)


def _opened(file: IO[bytes]) -> Opened:
    if is_zip(file):
        return opened(file)
    content = file.read(JSON_BYTES_MAX + 1)
    if len(content) > JSON_BYTES_MAX:
        raise PortableFault([_("The file is larger than %(n)d MB.") % {"n": JSON_BYTES_MAX // 1_000_000}])
    return Opened(data=read_json(content))


def accept_imported(
    *, person: Person, sessions: Collection[Supervision], association: Association, by: User, source: str
) -> int:
    """A coordinator vouches for confirmations that a member brought along: from now on these sessions count.

    `source`: how the coordinator knows. Answers how many were accepted now; doing it twice does nothing.
    """
    if not may_accept_imported(by, association):
        raise NotAllowed.because(
            "coordinators_only", _("Only a coordinator of this association accepts imported confirmations.")
        )
    if is_own_person(by, person):
        raise NotAllowed.because(
            "not_your_own",
            _("Nobody accepts their own confirmations."),
            fix=_("Ask another coordinator of your association."),
        )
    with transaction.atomic():
        waiting = Supervision.objects.current().filter(
            person=person, accepted=False, pk__in=[session.pk for session in sessions]
        )
        rows = list(waiting.select_for_update())
        waiting.update(
            accepted=True,
            provenance=Provenance.CONFIRMED_HERE,
            version=F("version") + 1,
            updated_at=timezone.now(),
        )
        for row in rows:
            audit.record(
                verb="portfolio.import_accepted",
                obj=row,
                by=by,
                chain=association.code,
                data={"person": str(person.uuid), "minutes": row.minutes},
                text=source,
            )
        if rows:
            _tell(person, rows, association)
    return len(rows)


def _tell(person: Person, rows: list[Supervision], association: Association) -> None:
    last = max(rows, key=lambda row: row.pk)
    outbox.post(
        key=f"import-accepted:{last.uuid}:{last.version}",
        kind="hours_confirmed",
        template="import_accepted",
        to=recipient(person),
        context={
            "sessions": len(rows),
            "minutes": sum(row.minutes for row in rows),
            "association": association.name,
            "address": absolute("gap_index"),
        },
        scope=association.code,
        required=False,
    )
