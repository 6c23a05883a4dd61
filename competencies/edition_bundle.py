"""An edition as one JSON file: {"categories": ..., "competencies": ...}, each as in standards/. Nothing is written.

An edition changes rules and the matrix. Licenses, categories and competencies themselves are shared by all editions
(an open application keeps its own), so they have to stand in the file as they are.
"""

from __future__ import annotations

import datetime
import itertools
import json
import math
from collections.abc import Iterator
from typing import Any

from competencies.standards_files import FILES, Standards, StandardsFault, cross_faults, schema_faults

PARTS = ("categories", "competencies")
"""What an edition is made of. The other files of the standard may stand in the bundle and are left as they are."""
BYTES_MAX = 4 * 1024 * 1024
FAULTS_MAX = 50
DEPTH_MAX = 60
YEAR_MIN, YEAR_MAX = 2000, 2100
SHARED_CATEGORY_FILE = ("licenses", "scopes")
SHARED_COMPETENCY_FILE = ("areas", "competencies")


def read_bundle(raw: bytes, current: Standards) -> Standards:
    """The proposed edition, valid in every way; else StandardsFault with each fault by its path.

    `current` is the edition whose licenses, categories and competencies the file has to keep.
    """
    content = parsed(raw)
    _refuse(_shape_faults(content))
    _refuse(fault for name in FILES if name in content for fault in schema_faults(name, content[name]))
    standards = Standards(**{**{name: getattr(current, name) for name in FILES}, **content})
    _refuse(_shared_faults(standards, current))
    _refuse(cross_faults(standards))
    _refuse(_date_faults(standards))
    return standards


def _refuse(faults: Iterator[str]) -> None:
    if found := list(faults):
        raise StandardsFault(found)


def _date_faults(proposed: Standards) -> Iterator[str]:
    place = "categories.json $.ruleset.effective_from"
    try:
        begins = datetime.date.fromisoformat(proposed.categories["ruleset"]["effective_from"])
    except ValueError:
        yield f"{place}: there is no such day"
    else:
        if not YEAR_MIN <= begins.year <= YEAR_MAX:
            yield f"{place}: check the year"


def parsed(raw: bytes) -> Any:
    """Plain JSON: no key twice, no number that is none, no character that no database stores, no bottomless nesting."""
    if len(raw) > BYTES_MAX:
        raise StandardsFault([f"The file is larger than {BYTES_MAX // (1024 * 1024)} MB."])
    try:
        content = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_float=_number, parse_constant=_no_number
        )
    except UnicodeDecodeError as error:
        raise StandardsFault(["The file is not text in UTF-8."]) from error
    except RecursionError as error:
        raise StandardsFault(["The file is nested too deeply."]) from error
    except ValueError as error:
        raise StandardsFault([f"The file is not JSON: {error}"[:300]]) from error
    _refuse(itertools.islice(_text_faults(content, "$", 0), FAULTS_MAX))
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'the key "{twice}" stands twice in one object')
    return found


def _number(text: str) -> int | float:
    """24.0 is 24: whole numbers are integers everywhere."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is out of range")
    return int(value) if value.is_integer() else value


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def _text_faults(value: Any, path: str, depth: int) -> Iterator[str]:
    if depth > DEPTH_MAX:
        yield f"{path[:200]}: nested too deeply"
    elif isinstance(value, str) and not _storable(value):
        yield f"{path}: holds a character that cannot be stored"
    elif isinstance(value, dict):
        for key, inner in value.items():
            if _storable(key):
                yield from _text_faults(inner, f"{path}.{key}", depth + 1)
            else:
                yield f"{path}: a key holds a character that cannot be stored"
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _text_faults(inner, f"{path}[{number}]", depth + 1)


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _shape_faults(content: Any) -> Iterator[str]:
    if not isinstance(content, dict):
        yield "$: the file holds one object with the keys categories and competencies"
        return
    yield from (f"$.{name}: is missing" for name in PARTS if name not in content)
    yield from (f"$.{name}: no part of a standard has this name" for name in content if name not in FILES)


def _shared_faults(proposed: Standards, current: Standards) -> Iterator[str]:
    for name in SHARED_CATEGORY_FILE:
        yield from _unlike(proposed.categories[name], current.categories[name], f"categories.json $.{name}")
    for name in ("categories", "add_ons"):
        yield from _unlike(
            _without_rules(proposed.categories[name]), _without_rules(current.categories[name]),
            f"categories.json $.{name}",
        )  # fmt: skip
    for name in SHARED_COMPETENCY_FILE:
        yield from _unlike(proposed.competencies[name], current.competencies[name], f"competencies.json $.{name}")


def _without_rules(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["code"]: {key: value for key, value in row.items() if key != "requirements"} for row in rows}


def _unlike(given: Any, kept: Any, path: str) -> Iterator[str]:
    """Every place where what all editions share would change."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for key in sorted({*given, *kept}):
            if key not in given:
                yield f"{path}.{key}: is missing; every edition has it"
            elif key not in kept:
                yield f"{path}.{key}: is new; only rules and the matrix change with an edition"
            else:
                yield from _unlike(given[key], kept[key], f"{path}.{key}")
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for number, (one, other) in enumerate(zip(given, kept, strict=True)):
            yield from _unlike(one, other, f"{path}[{number}]")
    elif given != kept:
        yield f"{path}: only rules and the matrix change with an edition; it has to stay {json.dumps(kept)[:80]}"
