"""Pure: a packet's pages as frozen data, made from one submission's snapshot alone (decision 19).

Nothing here looks at a row, a clock or a setting, so the same snapshot always gives the same pages. What reviewers read
beyond it (ratings) is handed in and never stands in the applicant's packet.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from applications.packet.pages import (
    Attachment,
    Contents,
    CoverageRow,
    EvidenceRow,
    Json,
    PartRow,
    PlainRow,
    RatingPage,
    RequirementBlock,
    SessionRow,
    TrainingRow,
)
from competencies.enums import (
    Ages,
    EducationLevel,
    Reason,
    RequirementKind,
    SessionFormat,
    SessionMode,
    TrainingTopic,
    WorkRole,
)
from members.enums import Provenance


def _label(choices: Any, value: Any) -> str:
    """The words of a code; the code itself when the words are not known here."""
    return str(_words(choices).get(value, value or ""))


@cache
def _words(choices: Any) -> dict[str, Any]:
    return dict(choices.choices)


def _labels(choices: Any, values: Sequence[str] | None) -> str:
    return "; ".join(_label(choices, value) for value in values or ())


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text[:10]) if text else None


TABLES: Mapping[str, str] = {RequirementKind.TRAINING_HOURS: "training", RequirementKind.RSC_HOURS: "rsc"}
"""Requirements whose entries stand in a table of their own."""
PORTFOLIO_LISTS: tuple[tuple[str, str], ...] = (
    ("education", "education"),
    ("licences", "license"),
    ("work", "work"),
    ("training", "training"),
    ("supervision", "supervision"),
)


class _Book:
    """Looking things up in one snapshot while its pages are written."""

    def __init__(self, snapshot: Json) -> None:
        self.snapshot = snapshot
        self.portfolio: Json = snapshot["portfolio"]
        self.providers = {row["key"]: row for row in self.portfolio.get("providers", [])}
        self.competencies = {row["code"]: str(row["name"]) for row in snapshot["coverage"]}
        self.titles: dict[tuple[str, str], str] = {}
        for list_name, kind in PORTFOLIO_LISTS:
            for index, row in enumerate(self.portfolio.get(list_name, []), start=1):
                self.titles[(kind, key_of(row, kind, index))] = self._title(kind, row)
        self.attachments = self._attachments()
        self.of_entry: dict[tuple[str, str], list[int]] = {}
        for attachment, row in zip(self.attachments, snapshot["files"], strict=True):
            place = (str(row["entry_kind"]), str(row["entry"]))
            self.of_entry.setdefault(place, []).append(attachment.number)

    def _title(self, kind: str, row: Json) -> str:
        if kind == "education":
            return ", ".join(
                filter(None, (_label(EducationLevel, row["level"]), row.get("field"), row.get("institution")))
            )
        if kind == "license":
            return ", ".join(filter(None, (row["name"], row.get("region"))))
        if kind == "work":
            return ", ".join(filter(None, (row["title"], row.get("employer"))))
        if kind == "training":
            return ", ".join(filter(None, (row["title"], row["on"])))
        provider = self.providers.get(row.get("provider"), {})
        return ", ".join(filter(None, (row["on"], provider.get("name"))))

    def title(self, kind: str, entry: str) -> str:
        return self.titles.get((kind, entry), entry)

    def title_any(self, entry: str) -> tuple[str, str]:
        """Kind and title of an entry whose kind a finding does not name."""
        return next(((kind, title) for (kind, key), title in self.titles.items() if key == entry), ("", entry))

    def _attachments(self) -> tuple[Attachment, ...]:
        return tuple(
            Attachment(
                number=number,
                uuid=row["uuid"],
                name=row["name"],
                content_type=row["content_type"],
                size=row["size"],
                sha256=row["sha256"],
                belongs_to=self.title(str(row["entry_kind"]), str(row["entry"])),
                document_type=row.get("document_type") or "",
            )
            for number, row in enumerate(self.snapshot["files"], start=1)
        )

    def files_of(self, kind: str, entry: str) -> tuple[int, ...]:
        return tuple(self.of_entry.get((kind, entry), ()))

    def verdicts(self, kind: str) -> dict[str, tuple[int, str]]:
        """Entry -> counted minutes and reason, from the required finding of this kind."""
        found: dict[str, tuple[int, str]] = {}
        for finding in self.snapshot["findings"]:
            if finding["kind"] == kind:
                for row in finding["uncounted"]:
                    found.setdefault(row["entry"], (0, _label(Reason, row["reason"])))
                for row in finding["counted"]:
                    found[row["entry"]] = (row["minutes"] or 0, "")
        return found


def key_of(row: Json, kind: str, index: int) -> str:
    """The entry's key. Kinds that the portable format leaves without one are numbered: "education:2"."""
    return str(row.get("key") or f"{kind}:{index}")


def _span(row: Json) -> str:
    return _("%(start)s to %(end)s") % {"start": row.get("from") or _("unknown"), "end": row.get("to") or _("today")}


def _trainings(book: _Book) -> tuple[TrainingRow, ...]:
    verdicts = book.verdicts(RequirementKind.TRAINING_HOURS)
    rows = []
    for index, row in enumerate(book.portfolio.get("training", []), start=1):
        key = key_of(row, "training", index)
        counted, reason = verdicts.get(key, (0, ""))
        rows.append(
            TrainingRow(
                on=_day(row["on"]),
                title=row["title"],
                organizer=row.get("organiser") or "",
                topics=_labels(TrainingTopic, [*row.get("topics", ()), *row.get("topic_minutes", {})]),
                competencies="; ".join(book.competencies.get(code, code) for code in row.get("competencies", ())),
                minutes=row["minutes"],
                counted=counted,
                reason=reason,
                attachments=book.files_of("training", key),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.on or datetime.date.min, row.title), reverse=True))


def _sessions(book: _Book) -> tuple[SessionRow, ...]:
    verdicts = book.verdicts(RequirementKind.RSC_HOURS)
    confirmations = {row["entry"]: row for row in book.snapshot["confirmations"]}
    rows = []
    for index, row in enumerate(book.portfolio.get("supervision", []), start=1):
        key = key_of(row, "supervision", index)
        counted, reason = verdicts.get(key, (0, ""))
        confirmation = confirmations.get(key, {})
        size = f" ({row['group_size']})" if row.get("group_size") else ""
        rows.append(
            SessionRow(
                on=_day(row["on"]),
                provider=book.providers.get(row.get("provider"), {}).get("name") or _("No named provider"),
                form=f"{_label(SessionFormat, row['format'])}{size}, {_label(SessionMode, row.get('mode')).lower()}",
                minutes=row["minutes"],
                counted=counted,
                reason=reason,
                confirmed_on=_day(row.get("attested_on")),
                vouched=_label(Provenance, confirmation.get("provenance")) if row.get("attested_on") else "",
                attachments=book.files_of("supervision", key),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.on or datetime.date.min, row.provider), reverse=True))


def _plain_rows(book: _Book, list_name: str, kind: str) -> tuple[PlainRow, ...]:
    rows = []
    for index, row in enumerate(book.portfolio.get(list_name, []), start=1):
        key = key_of(row, kind, index)
        rows.append(
            PlainRow(
                title=book.title(kind, key),
                details=_details(kind, row),
                dates=(row.get("awarded_on") or "") if kind == "education" else _span(row),
                attachments=book.files_of(kind, key),
            )
        )
    return tuple(rows)


def _details(kind: str, row: Json) -> str:
    if kind != "work":
        return ""
    facts = [_labels(WorkRole, row.get("roles")), _labels(Ages, row.get("ages"))]
    if row.get("hours_per_week"):
        facts.append(_("%(hours)s hours a week") % {"hours": row["hours_per_week"]})
    if row.get("families_served"):
        facts.append(_("%(count)s families") % {"count": row["families_served"]})
    facts.append(_("paid") if row.get("paid") else _("unpaid"))
    facts.append(_("supervised") if row.get("supervised") else "")
    return "; ".join(filter(None, facts))


def _requirement(book: _Book, number: int, finding: Json) -> RequirementBlock:
    kind = finding["kind"]
    entries: list[EvidenceRow] = []
    if kind not in TABLES:
        for row in finding["counted"]:
            place, title = book.title_any(row["entry"])
            files = book.files_of(place, row["entry"])
            entries.append(EvidenceRow(title, True, row["minutes"], "", files))
        for row in finding["uncounted"]:
            place, title = book.title_any(row["entry"])
            files = book.files_of(place, row["entry"])
            entries.append(EvidenceRow(title, False, None, _label(Reason, row["reason"]), files))
    return RequirementBlock(
        number=number,
        key=finding["requirement"],
        label=finding["label"] or _label(RequirementKind, kind),
        kind=kind,
        required=finding["required"],
        met=finding["met"],
        message=finding["message"],
        need_minutes=finding["need_minutes"],
        have_minutes=finding["have_minutes"],
        parts=tuple(
            PartRow(_part(part["key"]), part["need_minutes"], part["have_minutes"], part["met"])
            for part in finding["parts"]
        ),
        entries=tuple(entries),
        checks=tuple(finding["checks"]),
        see=TABLES.get(kind, ""),
    )


def _part(key: str) -> str:
    return _("About giving RSC to others") if key == "about_own_provision" else _label(TrainingTopic, key)


def _overlay(snapshot: Json) -> str:
    overlay = snapshot["overlay"]
    if not overlay:
        return ""
    return _("settings of the association, version %(version)s") % {"version": overlay["version"]}


def contents(snapshot: Json, snapshot_sha256: str, *, ratings: Sequence[RatingPage] | None = None) -> Contents:
    """All pages of a packet. `ratings` is for the reviewers' packet alone: None makes the applicant's."""
    book = _Book(snapshot)
    member, category = book.portfolio["member"], snapshot["category"]
    trainings, sessions = _trainings(book), _sessions(book)
    return Contents(
        reference_number=snapshot["application"]["reference_number"],
        number=snapshot["application"]["number"],
        association=snapshot["association"]["name"],
        category=category["name"],
        license=category["license"],
        ages=category.get("ages") or "",
        who=member["name"],
        email=member["email"],
        residence=member.get("residence") or "",
        cohort=snapshot["cohort"]["name"],
        asks_emerging=bool(snapshot["application"].get("asks_emerging")),
        submitted_at=datetime.datetime.fromisoformat(snapshot["submitted_at"]),
        zone=snapshot["association"]["time_zone"],
        edition=snapshot["edition"]["title"],
        edition_sha256=snapshot["edition"]["sha256"],
        overlay=_overlay(snapshot),
        snapshot_sha256=snapshot_sha256,
        requirements=tuple(_requirement(book, n, row) for n, row in enumerate(snapshot["findings"], start=1)),
        trainings=trainings,
        training_minutes=sum(row.minutes for row in trainings),
        training_counted=sum(row.counted for row in trainings),
        sessions=sessions,
        session_minutes=sum(row.minutes for row in sessions),
        session_counted=sum(row.counted for row in sessions),
        education=_plain_rows(book, "education", "education"),
        licenses=_plain_rows(book, "licences", "license"),
        work=_plain_rows(book, "work", "work"),
        coverage=tuple(
            CoverageRow(row["area_name"], row["name"], len({shown["entry"] for shown in row["shown"]}))
            for row in snapshot["coverage"]
        ),
        memberships=tuple(snapshot["memberships"]),
        signatures=tuple(snapshot["signatures"]),
        declaration=snapshot["declaration"],
        answers=tuple(snapshot["answers"]),
        ratings_received=snapshot["references"]["received"],
        ratings_needed=snapshot["references"]["needed"],
        attachments=book.attachments,
        ratings=tuple(ratings or ()),
        for_reviewers=ratings is not None,
    )
