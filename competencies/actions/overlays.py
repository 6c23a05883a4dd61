"""An association's settings over an edition: every change is a new version, no version ever changes (decision 10)."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.models import Edition, Overlay
from competencies.overlays import merged
from competencies.queries.standards import current_overlay, edition_files
from competencies.rules import may_change_settings
from competencies.standards_files import digest, schema_faults
from endorsement_portal.audit import actions as audit
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import Association, User


def faults_of(data: dict[str, Any], edition: Edition) -> list[str]:
    """What speaks against these settings: their own shape, or an edition that would no longer hold together."""
    faults = list(schema_faults("overlay", data))
    if not faults:
        faults = list(schema_faults("categories", merged(edition_files(edition).categories, data)))
    return faults


@transaction.atomic
def publish(
    *, association: Association, edition: Edition, data: dict[str, Any], by: User, after: Overlay | None
) -> Overlay:
    """The next version of an association's settings on an edition, in force at once for whoever applies from now on.

    Editions that are published and begin later get the same settings, where they fit.
    `after` is the version the change was made from: when another came between, LostRace. Applications that are open
    keep the version they have pinned.
    """
    if not may_change_settings(by, association):
        raise NotAllowed.because(
            "coordinators_only", _("Only coordinators and editors of rules change an association's settings.")
        )
    if current_overlay(association, edition) != after:
        raise LostRace.because(
            "settings_changed_meanwhile", _("Somebody else changed the settings first."),
            fix=_("Look at them again and repeat your change."),
        )  # fmt: skip
    if faults := faults_of(data, edition):
        raise NotAllowed.because("settings_do_not_fit", _("These settings do not fit the edition: %(why)s") % {
            "why": faults[0]
        })  # fmt: skip
    overlay = _next_version(association, edition, data)
    for later in Edition.objects.published().filter(effective_from__gt=edition.effective_from):
        if not faults_of(data, later):
            _next_version(association, later, data)
    audit.record(
        verb="standards.settings_published", obj=overlay, by=by, chain=association.code,
        data={"edition": edition.code, "version": overlay.version, "sha256": overlay.sha256},
    )  # fmt: skip
    return overlay


def carry(*, edition: Edition, by: User) -> list[Overlay]:
    """Bring every association's settings to a new edition, so that its first day does not take them away.

    Taken from the edition in force when the new one is published; where they do not fit the new rules any more, they
    stay behind, and that is in the history.
    """
    carried = []
    for association in Association.objects.filter(overlays__published_at__isnull=False).distinct().order_by("pk"):
        settings = newest_overlay(association, before=edition)
        if settings is None:
            continue
        fits = not faults_of(settings.data, edition)
        if fits:
            carried.append(_next_version(association, edition, settings.data))
        audit.record(
            verb="standards.settings_carried" if fits else "standards.settings_left_behind", obj=settings, by=by,
            chain=association.code, data={"to": edition.code, "version": settings.version},
        )  # fmt: skip
    return carried


def newest_overlay(association: Association, *, before: Edition) -> Overlay | None:
    """The settings in force under the edition that is replaced."""
    replaced = (
        Edition.objects.published().filter(effective_from__lt=before.effective_from).order_by("-effective_from").first()
    )
    return current_overlay(association, replaced) if replaced else None


def _next_version(association: Association, edition: Edition, data: dict[str, Any]) -> Overlay:
    last = Overlay.objects.filter(association=association, edition=edition).aggregate(last=Max("version"))["last"]
    try:
        with transaction.atomic():
            return Overlay.objects.create(
                association=association, edition=edition, version=(last or 0) + 1, data=data, sha256=digest(data),
                published_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise LostRace.because(
            "settings_changed_meanwhile", _("Somebody else changed the settings first."),
            fix=_("Look at them again and repeat your change."),
        ) from error  # fmt: skip
