"""What is wrong with a file: each fault by its path, unknown keys by their name."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from competencies.portable.format import Json

SCHEMA = Path(__file__).parent.parent / "standards" / "schemas" / "portfolio.json"


class PortableFault(Exception):
    """The file may not be read. `faults` say why, each with its path."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


def numbered(data: Json, name: str) -> Iterator[tuple[int, Json]]:
    yield from enumerate(data.get(name, []), start=1)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def schema_faults(data: Any) -> Iterator[str]:
    for error in _validator().iter_errors(data):
        yield from _fault(error)


def _fault(error: ValidationError) -> Iterator[str]:
    if error.validator == "additionalProperties":
        allowed = error.schema.get("properties", {})
        yield from (f"{error.json_path}: unknown key {key!r}" for key in error.instance if key not in allowed)
    elif error.validator == "oneOf" and error.context:
        deepest = min(error.context, key=lambda inner: str(inner.validator) == "type")
        yield f"{error.json_path}: {deepest.message[:160]}"
    else:
        yield f"{error.json_path}: {error.message[:160]}"


def meaning_faults(data: Json, codes: Collection[str] | None) -> Iterator[str]:
    """What the schema cannot say: days that exist, periods that end after they begin, keys that are found once."""
    yield from _value_faults(data, "$")
    for name in ("training", "providers", "supervision"):
        counts = Counter(row["key"] for _, row in numbered(data, name))
        for n, row in numbered(data, name):
            if counts[row["key"]] > 1:
                yield f"$.{name}[{n - 1}].key: {row['key']!r} stands more than once"
    for name in ("licences", "work"):
        for n, row in numbered(data, name):
            yield from _period_faults(row, f"$.{name}[{n - 1}]")
    yield from _provider_faults(data, codes)
    yield from _topic_faults(data)
    known = {row["key"] for _, row in numbered(data, "providers")}
    for n, row in numbered(data, "supervision"):
        if row["provider"] is not None and row["provider"] not in known:
            yield f"$.supervision[{n - 1}].provider: no provider has the key {row['provider']!r}"


def _topic_faults(data: Json) -> Iterator[str]:
    for n, row in numbered(data, "training"):
        for topic, minutes in row.get("topic_minutes", {}).items():
            if minutes > row["minutes"]:
                yield f"$.training[{n - 1}].topic_minutes.{topic}: more than the training's {row['minutes']} minutes"


def _provider_faults(data: Json, codes: Collection[str] | None) -> Iterator[str]:
    emails = Counter(row["email"].strip().lower() for _, row in numbered(data, "providers"))
    own = data["member"]["email"].strip().lower()
    for n, row in numbered(data, "providers"):
        email = row["email"].strip().lower()
        if email == own:
            yield f"$.providers[{n - 1}].email: nobody is their own provider"
        if emails[email] > 1:
            yield f"$.providers[{n - 1}].email: {email!r} stands more than once"
        for m, standing in enumerate(row.get("standings", [])):
            where = f"$.providers[{n - 1}].standings[{m}]"
            if codes is not None and standing["category"] not in codes:
                yield f"{where}.category: {standing['category']!r} is no category or add-on"
            yield from _period_faults(standing, where)


def _period_faults(row: Json, where: str) -> Iterator[str]:
    first, last = row.get("from"), row.get("to")
    if first and last and last < first:
        yield f"{where}.to: before {first}"


_DAYS = frozenset({"awarded_on", "from", "to", "on", "attested_on"})


def _value_faults(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, list):
        for n, item in enumerate(value):
            yield from _value_faults(item, f"{where}[{n}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in _DAYS and isinstance(item, str):
                try:
                    datetime.date.fromisoformat(item)
                except ValueError:
                    yield f"{where}.{key}: {item!r} is no day of the calendar"
            else:
                yield from _value_faults(item, f"{where}.{key}")
    elif isinstance(value, str) and any("\ud800" <= mark <= "\udfff" for mark in value):
        yield f"{where}: half of a character (a lone surrogate)"
