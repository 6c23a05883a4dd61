"""What a person's own export holds: their portfolio and its files. There is no way from here to ratings or notes."""

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from competencies.enums import EntryKind
from competencies.facts import PortfolioFacts
from competencies.models import Evidence, Export, Work
from competencies.own_data.archive import FILES
from competencies.own_data.tables import FileLine
from competencies.portable.writing import vouched
from competencies.queries.facts import portfolio_facts
from competencies.queries.portfolio import OWNER_FIELD
from endorsement_portal import jobs
from members.models import Person, User

KEPT_FOR = datetime.timedelta(days=7)
PER_DAY_MAX = 5
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OwnFile:
    line: FileLine
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class OwnData:
    facts: PortfolioFacts
    """Everything current."""
    vouched: PortfolioFacts
    """The same without what this installation does not vouch for: what goes into the portable portfolio."""
    descriptions: dict[str, str]
    files: tuple[OwnFile, ...]

    def keys(self) -> dict[str, list[str]]:
        """Names of the entries of the kinds without a key, in the order of the portable portfolio."""
        return {
            "education": [row.key for row in self.facts.education],
            "licences": [row.key for row in self.facts.licenses],
            "work": [row.key for row in self.facts.work],
        }


def own_data(person: Person) -> OwnData:
    facts = portfolio_facts(person)
    described = Work.objects.current().filter(person=person).exclude(description="")
    return OwnData(
        facts=facts,
        vouched=vouched(facts),
        descriptions=dict(described.values_list("key", "description")),
        files=own_files(person),
    )


def own_files(person: Person) -> tuple[OwnFile, ...]:
    """The files of the entries that are not withdrawn, with their names in the ZIP."""
    return tuple(_files(person))


def _files(person: Person) -> Iterator[OwnFile]:
    rows = Evidence.objects.current().filter(person=person).select_related("file", *OWNER_FIELD.values())
    current = (row for row in rows.order_by("id") if row.owner.withdrawn_at is None)
    for number, row in enumerate(current, start=1):
        owner = row.owner
        line = FileLine(
            path=f"{FILES}{number:04d}-{row.file.name}",
            name=row.file.name,
            kind=EntryKind(owner.kind),
            entry_key=owner.key,
            document_type=row.document_type,
            size=row.file.size,
            sha256=row.file.sha256,
        )
        yield OwnFile(line, row)


def left_out(line: FileLine, why: str) -> FileLine:
    return dataclasses.replace(line, path="", why=why)


def exports_of(user: User) -> "QuerySet[Export]":
    return Export.objects.visible_to(user).select_related("person", "file")


def running(person: Person) -> Export | None:
    """The one that is being made or waits."""
    return Export.objects.filter(person=person, job_state__in=(jobs.JobState.WAITING, jobs.JobState.WORKING)).first()


def ready(person: Person, contents: str) -> "QuerySet[Export]":
    """Those of one kind that can be downloaded; a new one takes their place."""
    return Export.objects.filter(person=person, contents=contents, file__isnull=False)


def asked_today(person: Person, now: datetime.datetime) -> int:
    """In the last 24 hours, those that failed not counted."""
    asked = Export.objects.filter(person=person, created_at__gt=now - DAY)
    return asked.exclude(job_state=jobs.JobState.DEAD).count()


def due(now: datetime.datetime) -> "QuerySet[Export]":
    return jobs.due(Export.objects.all(), now)


def expired(now: datetime.datetime) -> "QuerySet[Export]":
    """Ready for seven days: their files go."""
    return Export.objects.filter(file__isnull=False, ready_at__lte=now - KEPT_FOR)


def kept_until(export: Export) -> datetime.datetime | None:
    return export.ready_at + KEPT_FOR if export.ready_at else None
