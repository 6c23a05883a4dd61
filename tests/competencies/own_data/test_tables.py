"""A portfolio as tables: every entry a row, nothing that a spreadsheet would run."""

import csv
import datetime
import io

from competencies.enums import EntryKind
from competencies.facts import (
    EducationFact,
    LicenseFact,
    PortfolioFacts,
    ProviderFact,
    SupervisionFact,
    TrainingFact,
    WorkFact,
)
from competencies.own_data.tables import FILE_NAMES, FileLine, tables
from endorsement_portal.sheets.writing import csv_bytes

DAY = datetime.date(2025, 3, 4)
FACTS = PortfolioFacts(
    education=(EducationFact(key="e1", level="master", field="Social work", institution="Sandhill", awarded_on=DAY),),
    licenses=(LicenseFact(key="l1", license_kind="other", name="RN", region="US-MO"),),
    work=(WorkFact(key="w1", title="Doula", starts_on=DAY, roles=("direct_service",), ages=("0-36",)),),
    training=(
        TrainingFact(
            key="t1", on=DAY, title="=HYPERLINK(1)", minutes=90, topics=("core",), topic_minutes=(("dei", 30),)
        ),
    ),
    providers=(ProviderFact(key="p", name="Ines Larkmoor", email="ines@example.org"),),
    supervision=(
        SupervisionFact(key="s1", on=DAY, minutes=60, provider="p", state="confirmed", attested_on=DAY, accepted=False),
        SupervisionFact(key="s2", on=DAY, minutes=60, provider=None, format="group", group_size=4),
    ),
)
LINES = (
    FileLine("files/0001-a.pdf", "a.pdf", EntryKind.WORK, "w1", "resume", 7, "ab"),
    FileLine("", "b.pdf", EntryKind.WORK, "w1", "", 7, "cd", "missing from the storage"),
)


def rows(name: str) -> list[dict[str, str]]:
    table = next(table for table in tables(FACTS, files=LINES, descriptions={"w1": "Visits"}) if table.name == name)
    text = csv_bytes(table.headings, table.rows).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_for_each_kind_and_one_for_the_files():
    assert [table.name for table in tables(FACTS)] == [*(FILE_NAMES[kind] for kind in EntryKind), "files.csv"]
    assert [len(table.rows) for table in tables(PortfolioFacts())] == [0] * 6


def test_text_of_people_is_never_a_formula():
    assert rows("trainings.csv")[0] == {
        "Date": "2025-03-04", "Title": "'=HYPERLINK(1)", "Organizer": "", "Minutes": "90",
        "Topics": "Relationship-based infant and early childhood mental health",
        "Topics of a part": "Diversity, equity and inclusion: 30 min", "Ages": "", "Competencies": "", "Key": "t1",
    }  # fmt: skip


def test_sessions_name_their_provider_and_what_waits():
    first, second = rows("rsc-sessions.csv")
    assert (first["Provider"], first["Provider's email"], first["State"], first["Signed on"]) == (
        "Ines Larkmoor", "ines@example.org", "Confirmed", "2025-03-04",
    )  # fmt: skip
    assert (first["Waits for a coordinator"], second["Waits for a coordinator"]) == ("yes", "no")
    assert (second["Provider"], second["Format"], second["People in the group"]) == ("", "Group", "4")


def test_the_rest():
    assert rows("education.csv")[0]["Level"] == "Master's degree"
    assert rows("professional-licenses.csv")[0]["Professional license"] == "RN"
    work = rows("work.csv")[0]
    assert (work["Description"], work["Paid"], work["Supervised"], work["Until"]) == ("Visits", "yes", "no", "")
    assert [row["Left out"] for row in rows("files.csv")] == ["", "missing from the storage"]
