"""Files that prove an entry. A file is its own save; replacing one makes a new one."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.models import Evidence
from competencies.models.portfolio import AnyEntry
from competencies.queries.portfolio import OWNER_FIELD
from competencies.rules import is_own_person
from endorsement_portal.audit import actions as audit
from endorsement_portal.files import intake, storing
from endorsement_portal.workflow import NotAllowed
from members.models import User

FILES_PER_ENTRY_MAX = 20


def attach(
    *, entry: AnyEntry, upload: UploadedFile, by: User, document_type: str = "", replaces: Evidence | None = None
) -> Evidence:
    """Check, clean and keep a file. Raises intake.Refused for a file we cannot take, and then keeps nothing."""
    _refuse_strangers(entry, by)
    if entry.withdrawn_at is not None:
        raise NotAllowed.because(
            "entry_withdrawn", _("This entry is withdrawn."), fix=_("Bring it back first, then add the file.")
        )
    owner = {OWNER_FIELD[entry.kind]: entry}
    if replaces is None and Evidence.objects.current().filter(**owner).count() >= FILES_PER_ENTRY_MAX:
        raise NotAllowed.because(
            "too_many_files",
            _("This entry already has %(count)d files.") % {"count": FILES_PER_ENTRY_MAX},
            fix=_("Remove one that you no longer need."),
        )
    stored = intake.receive(upload, by=by)
    with transaction.atomic():
        if replaces is not None:
            withdraw(evidence=replaces, by=by)
        evidence = Evidence.objects.create(person=entry.person, file=stored, document_type=document_type, **owner)
        audit.record(verb="portfolio.file_added", obj=evidence, by=by, data={"sha256": stored.sha256})
    return evidence


def withdraw(*, evidence: Evidence, by: User) -> Evidence:
    """Take a file off an entry. Copies in submitted applications stay. Doing it twice does nothing."""
    _refuse_strangers(evidence, by)
    with transaction.atomic():
        taken = Evidence.objects.current().filter(pk=evidence.pk).update(withdrawn_at=timezone.now())
        if taken:
            storing.set_aside(evidence.file)
            audit.record(verb="portfolio.file_withdrawn", obj=evidence, by=by, data={"sha256": evidence.file.sha256})
    evidence.refresh_from_db()
    return evidence


def _refuse_strangers(owned: AnyEntry | Evidence, by: User) -> None:
    if not is_own_person(by, owned.person):
        raise NotAllowed.because("not_yours", _("Only the person themself changes their portfolio."))
