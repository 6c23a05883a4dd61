"""Publishing the standard: files -> rows. Idempotent; a published edition never changes."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from competencies.enums import EditionStatus
from competencies.models import (
    Area,
    Category,
    CategoryCompetency,
    Competency,
    Edition,
    FeeItem,
    FeeTable,
    License,
    RenewalModel,
    Requirement,
)
from competencies.rules import may_publish_edition
from competencies.standards_files import Standards, StandardsFault, matrix_rows
from endorsement_portal.audit import actions as audit
from endorsement_portal.workflow import NotAllowed
from members.models import Association, User


@dataclass(frozen=True, slots=True)
class Loaded:
    edition: Edition
    published: bool
    """False: the same edition was there already."""


@transaction.atomic
def load(*, standards: Standards) -> Loaded:
    """Raises StandardsFault when the files differ from the edition that is published under their name."""
    _load_associations(standards)
    _load_renewal(standards)
    _load_fees(standards)
    sha256 = standards.sha256()
    published = Edition.objects.published().filter(code=standards.code).first()
    if published is not None:
        if published.sha256 != sha256:
            fault = (
                f"The published edition {published.code} never changes, and the files differ from it (published "
                f"{published.sha256[:12]}, files {sha256[:12]}). Give the changed rules a new ruleset id."
            )
            raise StandardsFault([fault])
        _keep_content(published, standards)
        return Loaded(edition=published, published=False)
    edition = _publish(standards, sha256)
    audit.record(verb="standards.published", obj=edition, data={"edition": edition.code, "sha256": sha256})
    return Loaded(edition=edition, published=True)


def _keep_content(published: Edition, standards: Standards) -> None:
    """An edition of before its files were kept gets them now: the same files, by their digest."""
    if published.content is None:
        Edition.objects.filter(pk=published.pk).update(content=standards.content())


@transaction.atomic
def publish_proposed(*, standards: Standards, by: User, today: datetime.date) -> Edition:
    """A new edition of the Alliance from the day its file names, for everybody. Applications that are open keep theirs.

    Raises NotAllowed: not an operator, the name or the day is taken, the day lies in the past.
    """
    if not may_publish_edition(by):
        raise NotAllowed.because(
            "operators_only", _("An edition holds for every association: only an operator puts it in force."),
            fix=_("Ask the people who run this installation."),
        )  # fmt: skip
    starts = datetime.date.fromisoformat(standards.categories["ruleset"]["effective_from"])
    if starts < today:
        raise NotAllowed.because(
            "effective_from", _("The day lies in the past: what was judged by then would change."),
            fix=_("Choose today or a later day."),
        )  # fmt: skip
    if Edition.objects.published().filter(code=standards.code).exists():
        raise NotAllowed.because(
            "edition_exists", _("An edition named %(code)s is published already, and it never changes.")
            % {"code": standards.code}, fix=_("Give the changed rules a new ruleset id."),
        )  # fmt: skip
    if Edition.objects.published().filter(effective_from=starts).exists():
        raise NotAllowed.because(
            "effective_from", _("Another edition begins on that day."), fix=_("Choose another day."),
        )  # fmt: skip
    sha256 = standards.sha256()
    edition = _publish(standards, sha256)
    audit.record(verb="standards.published", obj=edition, by=by, data={"edition": edition.code, "sha256": sha256})
    return edition


def _publish(standards: Standards, sha256: str) -> Edition:
    ruleset = standards.categories["ruleset"]
    Edition.objects.filter(code=ruleset["id"], status=EditionStatus.DRAFT).delete()
    edition = Edition.objects.create(
        code=ruleset["id"],
        title=ruleset["title"],
        effective_from=datetime.date.fromisoformat(ruleset["effective_from"]),
        status=EditionStatus.PUBLISHED,
        published_at=timezone.now(),
        sha256=sha256,
        note=ruleset["note"],
        content=standards.content(),
    )
    categories = _load_categories(standards)
    _load_competencies(standards)
    Requirement.objects.bulk_create(
        Requirement(
            edition=edition,
            category=categories[category["code"]],
            key=rule["key"],
            kind=rule["kind"],
            label=rule["label"],
            required=rule["required"],
            stage=rule["stage"],
            group=rule["params"].get("group") or "",
            params=rule["params"],
            position=position,
            source_url=rule["source_url"] or "",
            as_of=rule["as_of"],
            evidence=rule["evidence"],
            association_setting=rule["association_setting"],
            note=rule["note"],
        )
        for category in standards.all_categories
        for position, rule in enumerate(category["requirements"], start=1)
    )
    CategoryCompetency.objects.bulk_create(
        CategoryCompetency(edition=edition, category=categories[code], competency_id=competency, ways=ways)
        for code, competency, ways in matrix_rows(standards)
    )
    return edition


def _load_categories(standards: Standards) -> dict[str, Category]:
    for row in standards.categories["licenses"]:
        License.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "age_min_months": row["age_range_months"]["min"],
                "age_max_months": row["age_range_months"]["max"],
                "age_label": row["age_label"],
                "source_url": row["source_url"] or "",
            },
        )
    scopes = {row["code"]: row["name"] for row in standards.categories["scopes"]}
    categories = {}
    for row in standards.all_categories:
        categories[row["code"]], _created = Category.objects.update_or_create(
            code=row["code"],
            defaults={
                "slug": row["slug"],
                "name": row["name"],
                "role": row["role"],
                "license_id": row["license"],
                "scope": row["scope"],
                "scope_name": scopes.get(row["scope"], ""),
                "position": row["sort_order"],
                "age_min_months": row["age_range_months"]["min"],
                "age_max_months": row["age_range_months"]["max"],
                "age_label": row["age_label"],
                "audience": row["audience"],
                "description": row["description"],
                "status": row["status"],
                "superseded_by": row["superseded_by"] or "",
                "superseded_on": row["superseded_on"] or "",
                "holders_moved_to": row["holders_moved_to"] or [],
                "is_add_on": row.get("is_add_on", False),
                "base_any_of": row.get("base_any_of", []),
                "emerging_max_months": row.get("emerging_max_months"),
            },
        )
    return categories


def _load_competencies(standards: Standards) -> None:
    for row in standards.competencies["areas"]:
        Area.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "description": row["description"],
                "primary_evidence": row["primary_evidence"],
                "position": row["sort_order"],
                "evidence": row["evidence"],
                "source_url": row["source_url"] or "",
            },
        )
    for row in standards.competencies["competencies"]:
        Competency.objects.update_or_create(
            code=row["code"],
            defaults={
                "area_id": row["area"],
                "name": row["name"],
                "description": row["description"],
                "position": row["sort_order"],
                "evidence": row["evidence"],
                "source_url": row["source_url"] or "",
            },
        )


def _load_associations(standards: Standards) -> None:
    for row in standards.associations["associations"]:
        Association.objects.update_or_create(
            code=row["code"],
            defaults={
                "slug": row["code"].lower(),
                "name": row["name"],
                "abbreviation": row["abbreviation"] or "",
                "region": row["region"],
                "country": row["country"],
                "website": row["website"] or "",
                "offers_licenses": row["offers_licenses"],
                "evidence": row["evidence"],
                "source_url": row["source_url"] or "",
                "note": row["note"],
            },
        )


def _load_renewal(standards: Standards) -> None:
    default = standards.renewal["default_model"]
    for row in standards.renewal["models"]:
        RenewalModel.objects.update_or_create(
            code=row["id"],
            defaults={
                "name": row["name"],
                "is_default": row["id"] == default,
                "data": row,
                "source_url": row["source_url"] or "",
                "as_of": row["as_of"],
            },
        )


def _load_fees(standards: Standards) -> None:
    associations = {row.code: row for row in Association.objects.all()}
    for row in standards.fees["tables"]:
        table, _created = FeeTable.objects.update_or_create(
            association=associations[row["association"]],
            as_of=row["as_of"] or "",
            defaults={
                "currency": row["currency"],
                "source_url": row["source_url"] or "",
                "evidence": row["evidence"],
                "note": row["note"],
            },
        )
        table.items.all().delete()
        FeeItem.objects.bulk_create(
            FeeItem(
                table=table,
                kind=item["fee"],
                amount=item["amount"],
                category_codes=item["category_codes"],
                when=item["when"] or "",
                note=item["note"],
                position=position,
            )
            for position, item in enumerate(row["items"], start=1)
        )
