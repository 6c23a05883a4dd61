"""Such a ZIP opened again, from anybody's hands: only `portfolio.json` and `more.json` are ever unpacked, up to a cap.

Names, numbers and sizes are judged from the directory before anything is unpacked. Each fault names its path.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from competencies.own_data.archive import ABOUT, FILES, MORE, MORE_FORMAT, PAPER, PORTFOLIO, SHEETS
from competencies.portable.faults import PortableFault

JSON_BYTES_MAX = 20_000_000
DIRECTORY_BYTES_MAX = 4_000_000
"""Some 20,000 members; a person's quota ends long before."""
TOTAL_BYTES_MAX = 4_000_000_000
RATIO_MAX = 200
RATIO_MATTERS_FROM_BYTES = 1_000_000
END_SIGNATURE, END_LENGTH, COMMENT_MAX = b"PK\x05\x06", 22, 65_535
LARGE_SIGNATURE = b"PK\x06\x07"
START_SIGNATURE = b"PK\x03\x04"
PLAIN = frozenset({PORTFOLIO, PAPER, ABOUT, MORE})
SHEET_NAME = re.compile(r"[a-z0-9-]+\.csv")
KEY = re.compile(r"[\w.:-]{1,60}")
KEYED_LISTS = {"education": "e", "licences": "l", "work": "w"}
"""Lists whose entries have no key in the portable portfolio; `from_portable` numbers them with this letter."""
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Opened:
    data: Any
    """What `from_portable` reads."""
    keys: dict[str, str] = field(default_factory=dict)
    """Number of an entry of a kind without a key (e1, l1, w1) -> its name where it came from."""
    files: int = 0
    """Evidence files in the ZIP."""


def is_zip(handle: IO[bytes]) -> bool:
    handle.seek(0)
    start = handle.read(4)
    handle.seek(0)
    return start in (START_SIGNATURE, END_SIGNATURE)


def opened(handle: IO[bytes]) -> Opened:
    """The portfolio in a ZIP. Raises PortableFault with every fault of its directory, or of the two files read."""
    _refuse_directory(handle)
    try:
        with zipfile.ZipFile(handle) as archive:
            members = archive.infolist()
            faults = list(_faults(members))
            if faults:
                raise PortableFault(faults)
            data = _json(archive, PORTFOLIO)
            names = {member.filename for member in members}
            keys = _keys(_json(archive, MORE), data) if MORE in names else {}
            return Opened(data=data, keys=keys, files=sum(name.startswith(FILES) for name in names))
    # All that reading a hostile or damaged ZIP raises; the last is a broken stream, a RuntimeError a locked member.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise PortableFault([f"The ZIP is damaged ({error})"[:200]]) from error


def read_json(content: bytes, where: str = PORTFOLIO) -> Any:
    """Raises PortableFault for anything that is not JSON in UTF-8."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise PortableFault([f"{where}: not JSON in UTF-8 ({error})"]) from error


def _refuse_directory(handle: IO[bytes]) -> None:
    """The directory is read as a whole by the library: its size is looked at first."""
    size = handle.seek(0, 2)
    handle.seek(max(0, size - END_LENGTH - COMMENT_MAX - 20))
    tail = handle.read()
    end = tail.rfind(END_SIGNATURE)
    if end < 0 or len(tail) < end + END_LENGTH:
        raise PortableFault(["The ZIP is damaged (it has no end)"])
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if tail[max(0, end - 20) : end].startswith(LARGE_SIGNATURE) or directory > DIRECTORY_BYTES_MAX:
        raise PortableFault(["The ZIP has more files in it than any portfolio"])
    handle.seek(0)


def _faults(members: list[zipfile.ZipInfo]) -> Iterator[str]:
    counts = Counter(member.filename.casefold() for member in members)
    if not any(member.filename == PORTFOLIO for member in members):
        yield f"{PORTFOLIO}: is not in the ZIP"
    for member in members:
        yield from _member_faults(member, counts)
    if sum(member.file_size for member in members) > TOTAL_BYTES_MAX:
        yield "The ZIP unpacks to more than any portfolio"


def _member_faults(member: zipfile.ZipInfo, counts: Counter[str]) -> Iterator[str]:
    where = shown(member.orig_filename)
    if member.orig_filename != member.filename or not _known(member.filename):
        yield f"{where}: this name does not belong in such a ZIP"
    if counts[member.filename.casefold()] > 1:
        yield f"{where}: stands more than once"
    if member.flag_bits & 0x1:
        yield f"{where}: is locked with a password"
    if (member.external_attr >> 16) & 0o170000 not in (0, 0o100000):
        yield f"{where}: is no plain file"
    if member.file_size > RATIO_MATTERS_FROM_BYTES and member.file_size > member.compress_size * RATIO_MAX:
        yield f"{where}: unpacks to far more than its size"
    if member.filename in (PORTFOLIO, MORE) and member.file_size > JSON_BYTES_MAX:
        yield f"{where}: larger than {JSON_BYTES_MAX // 1_000_000} MB"


def shown(name: str) -> str:
    """A strange name, safe to print."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", name)[:100]


def _known(name: str) -> bool:
    if name in PLAIN:
        return True
    if name.startswith(SHEETS):
        return SHEET_NAME.fullmatch(name.removeprefix(SHEETS)) is not None
    last = name.removeprefix(FILES)
    return (
        name.startswith(FILES)
        and bool(last.strip(" ."))
        and len(last) <= 200
        and not any(mark in last for mark in '/\\:*?"<>|')
        and _HIDDEN.search(last) is None
    )


def _json(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(name) as handle:
        content = handle.read(JSON_BYTES_MAX + 1)
    if len(content) > JSON_BYTES_MAX:
        raise PortableFault([f"{name}: larger than {JSON_BYTES_MAX // 1_000_000} MB"])
    return read_json(content, name)


def _keys(more: Any, data: Any) -> dict[str, str]:
    """Names of entries, when there is one for each. Raises PortableFault for anything else."""
    if not isinstance(more, dict) or more.get("format") != MORE_FORMAT or not isinstance(more.get("keys"), dict):
        raise PortableFault([f"{MORE}: is not {MORE_FORMAT!r}"])
    found: dict[str, str] = {}
    for name, letter in KEYED_LISTS.items():
        keys = more["keys"].get(name, [])
        rows = data.get(name, []) if isinstance(data, dict) else []
        if not isinstance(keys, list) or not isinstance(rows, list) or len(keys) != len(rows):
            raise PortableFault([f"{MORE}: $.keys.{name}: one name for each entry of {PORTFOLIO}"])
        for number, key in enumerate(keys, start=1):
            if not isinstance(key, str) or KEY.fullmatch(key) is None:
                raise PortableFault([f"{MORE}: $.keys.{name}[{number - 1}]: {key!r} is no name of an entry"])
            found[f"{letter}{number}"] = key
        if len(set(keys)) != len(keys):
            raise PortableFault([f"{MORE}: $.keys.{name}: a name stands more than once"])
    return found
