"""Pure: a log to start from, with headings that are understood at once and three invented rows.

The headings stay English in every language: they are what `fields` knows.
"""

from __future__ import annotations

import datetime

from competencies.enums import EntryKind

Row = tuple[str | datetime.date, ...]

HEADINGS: dict[EntryKind, tuple[str, ...]] = {
    EntryKind.TRAINING: ("Date", "Course", "Length", "About", "Who offered it", "DEI hours", "Ages"),
    EntryKind.SUPERVISION: (
        "Date", "Length", "Provider's name", "Provider's email", "Individual or group", "People in the group", "Where",
        "Ages",
    ),
}  # fmt: skip
_PROVIDER = ("Tobias Fernhollow", "tobias@example.org")
ROWS: dict[EntryKind, tuple[Row, ...]] = {
    EntryKind.TRAINING: (
        (datetime.date(2025, 3, 4), "Reading the baby", "3 h", "core", "Prairie Rivers Association", "", "0-36"),
        (datetime.date(2025, 5, 16), "Play and repair", "1 h 30 min", "core", "Willow Creek Services", "", "both"),
        (datetime.date(2025, 9, 23), "Whose story is it?", "6:00", "", "Harbor Lights Association", "2 h", ""),
    ),
    EntryKind.SUPERVISION: (
        (datetime.date(2025, 2, 3), "1 h", *_PROVIDER, "individual", "", "online", "0-36"),
        (datetime.date(2025, 2, 17), "1:30", *_PROVIDER, "group", "5", "in person", "0-36"),
        (datetime.date(2025, 3, 3), "90 min", "", "", "group", "4", "online", "both"),
    ),
}  # fmt: skip
SHEET_NAMES = {EntryKind.TRAINING: "Trainings", EntryKind.SUPERVISION: "RSC sessions"}
