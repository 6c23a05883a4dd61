"""What a snapshot is made of, gathered in one go while the application is locked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from applications import evaluators, readiness
from applications.facts import ApplicationFacts
from applications.models import Application, ChangeRequest, DecisionTask
from applications.ratings_counted import rule_of
from applications.snapshot import Parts
from competencies.coverage import coverage
from competencies.enums import EntryKind, RequirementKind
from competencies.models import Evidence, Supervision
from competencies.portable import Member, as_portable
from members.models import Membership


def snapshot_parts(
    application: Application,
    facts: ApplicationFacts,
    *,
    number: int,
    now: datetime.datetime,
    declaration: Mapping[str, str],
) -> Parts:
    category, association = application.category, application.association
    cohort, overlay = application.enrolment.cohort, application.overlay
    return Parts(
        application={
            "uuid": application.uuid,
            "reference_number": application.reference_number,
            "number": number,
            "asks_emerging": application.asks_emerging,
            "holder_name": application.person.name,
        },
        submitted_at=now,
        category={
            "code": category.code,
            "name": category.name,
            "license": category.license.code,
            "license_name": category.license.name,
            "ages": category.age_label,
        },
        association={"code": association.code, "name": association.name, "time_zone": facts.house.time_zone},
        cohort={
            "uuid": cohort.uuid,
            "name": cohort.name,
            "season": cohort.season,
            "year": cohort.year,
            "deadline": cohort.submission_deadline_at,
            "time_zone": cohort.time_zone,
            "review_ends_on": cohort.review_ends_on,
        },
        edition={
            "code": application.edition.code,
            "title": application.edition.title,
            "sha256": application.edition.sha256,
        },
        overlay={"version": overlay.version, "sha256": overlay.sha256} if overlay else None,
        portfolio=_portfolio(application, facts),
        left_out=application.left_out,
        confirmations=_confirmations(application),
        memberships=_memberships(application),
        signatures=_signatures(application),
        declaration=declaration,
        findings=readiness.findings(facts),
        coverage=[
            {
                "code": row.competency.code,
                "name": row.competency.name,
                "area": row.competency.area,
                "area_name": row.competency.area_name,
                "shown": [{"way": entry.way, "entry": entry.key} for entry in row.shown],
            }
            for row in coverage(facts.category, facts.portfolio, as_of=facts.as_of)
        ],
        references=_references(facts),
        files=_files(application),
        answers=_answers(application),
    )


def _portfolio(application: Application, facts: ApplicationFacts) -> dict[str, Any]:
    """The portable portfolio without what the applicant left out; every entry by its key."""
    person = application.person
    return as_portable(Member(person.email, person.name, person.residence), facts.portfolio, keyed=True)


def _confirmations(application: Application) -> list[dict[str, Any]]:
    """Who confirmed which session, and who vouches for that."""
    left_out = application.left_out.get(EntryKind.SUPERVISION.value, [])
    rows = (
        Supervision.objects.filter(person=application.person)
        .current()
        .exclude(key__in=left_out)
        .order_by("on", "key")
        .values("key", "state", "minutes", "attested_on", "provider__name", "provenance", "accepted")
    )
    return [
        {
            "entry": row["key"],
            "state": row["state"],
            "minutes": row["minutes"],
            "attested_on": row["attested_on"],
            "provider": row["provider__name"],
            "provenance": row["provenance"],
            "accepted": row["accepted"],
        }
        for row in rows
    ]


def _memberships(application: Application) -> list[dict[str, Any]]:
    rows = (
        Membership.objects.filter(person=application.person)
        .confirmed()
        .order_by("starts_on", "pk")
        .values("association__code", "association__name", "kind", "number", "starts_on", "ends_on", "provenance")
    )
    return [
        {
            "association": row["association__code"],
            "association_name": row["association__name"],
            "kind": row["kind"],
            "number": row["number"],
            "from": row["starts_on"],
            "to": row["ends_on"],
            "provenance": row["provenance"],
        }
        for row in rows
    ]


def _signatures(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "kind": signature.text.kind,
            "title": signature.text.title,
            "version": signature.text.version,
            "sha256": signature.text.sha256,
            "typed_name": signature.typed_name,
            "signed_at": signature.signed_at,
            "not_sanctioned": signature.not_sanctioned,
        }
        for signature in application.signatures.select_related("text").order_by("signed_at", "pk")
    ]


def _references(facts: ApplicationFacts) -> dict[str, int]:
    """How many ratings count, never what they say (decision 15)."""
    assert facts.application is not None
    spec = next((spec for spec in facts.category.requirements if spec.kind == RequirementKind.REFERENCE_RATINGS), None)
    if spec is None:
        return {"received": 0, "needed": 0}
    found = evaluators.matched(spec, facts, facts.application)
    return {"received": len(found.counted), "needed": rule_of(spec.params).count}


OWNERS = {
    "education": EntryKind.EDUCATION,
    "professional_license": EntryKind.LICENSE,
    "work": EntryKind.WORK,
    "training": EntryKind.TRAINING,
    "supervision": EntryKind.SUPERVISION,
}


def _files(application: Application) -> list[dict[str, Any]]:
    """Each file by its digest: blobs never change, replacing makes a new one."""
    rows = (
        Evidence.objects.filter(person=application.person, withdrawn_at__isnull=True)
        .select_related("file", *OWNERS)
        .order_by("pk")
    )
    found = []
    for row in rows:
        owner = next((name for name in OWNERS if getattr(row, f"{name}_id") is not None), "")
        entry = getattr(row, owner)
        kind = OWNERS[owner]
        if entry.withdrawn_at is not None or entry.key in application.left_out.get(kind.value, []):
            continue
        found.append(
            {
                "uuid": row.file.uuid,
                "name": row.file.name,
                "content_type": row.file.content_type,
                "size": row.file.size,
                "sha256": row.file.sha256,
                "entry_kind": kind.value,
                "entry": entry.key,
                "document_type": row.document_type,
            }
        )
    return found


def _answers(application: Application) -> list[dict[str, Any]]:
    """What was asked for and answered, of changes and deferrals, in the order of asking."""
    requests = ChangeRequest.objects.filter(application=application, done_at__isnull=False)
    tasks = DecisionTask.objects.filter(
        decision__application=application, decision__released_at__isnull=False, done_at__isnull=False
    )
    return [
        {"requirement": row.requirement_key, "text": row.text, "answer": row.answer, "asked": "change"}
        for row in requests.order_by("created_at", "pk")
    ] + [
        {"requirement": row.requirement_key, "text": row.text, "answer": row.answer, "asked": "deferral"}
        for row in tasks.order_by("created_at", "pk")
    ]
