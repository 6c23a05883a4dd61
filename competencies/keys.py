"""Names of new entries in the portable portfolio: they sort by the moment of entry and never meet."""

import re
import secrets
import time

from competencies.enums import EntryKind

PREFIXES: dict[EntryKind, str] = {
    EntryKind.EDUCATION: "e",
    EntryKind.LICENSE: "l",
    EntryKind.WORK: "w",
    EntryKind.TRAINING: "t",
    EntryKind.SUPERVISION: "s",
}


def new_key(kind: EntryKind) -> str:
    """Of two equal entries the smaller key counts (decision 1), so the earlier one does."""
    return f"{PREFIXES[kind]}-{time.time_ns() // 1000:014x}-{secrets.token_hex(3)}"


def is_new_key(kind: EntryKind, text: str) -> bool:
    """Whether a form of ours could have brought this name for a new entry."""
    return re.fullmatch(rf"{PREFIXES[kind]}-[0-9a-f]{{14}}-[0-9a-f]{{6}}", text) is not None
