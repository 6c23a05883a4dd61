"""The files of the standard: read, checked against their schemas and against one another. Writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from competencies.specs import requirement_from

STANDARDS = Path(__file__).parent / "standards"
FILES = ("categories", "competencies", "associations", "renewal", "fees")


class StandardsFault(Exception):
    """The files may not be loaded. `faults` say why, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Standards:
    categories: dict[str, Any]
    competencies: dict[str, Any]
    associations: dict[str, Any]
    renewal: dict[str, Any]
    fees: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.categories["ruleset"]["id"])

    @property
    def all_categories(self) -> list[dict[str, Any]]:
        """Categories first, then the add-ons in the same shape."""
        return [*self.categories["categories"], *(self._as_category(add_on) for add_on in self.categories["add_ons"])]

    def content(self) -> dict[str, Any]:
        """What an edition is made of."""
        return {"categories": self.categories, "competencies": self.competencies}

    def sha256(self) -> str:
        """Digest of the canonical JSON of the rules: categories and competencies."""
        return digest(self.content())

    def _as_category(self, add_on: dict[str, Any]) -> dict[str, Any]:
        """An add-on takes its ages from its license (decision 11)."""
        license_ = next(row for row in self.categories["licenses"] if row["code"] == add_on["license"])
        longest = add_on["emerging"]["max_duration"]
        return {
            "code": add_on["code"],
            "slug": add_on["slug"],
            "name": add_on["name"],
            "role": add_on["short_name"],
            "license": add_on["license"],
            "scope": "",
            "sort_order": 90,
            "age_range_months": license_["age_range_months"],
            "age_label": license_["age_label"],
            "status": add_on["status"],
            "superseded_by": None,
            "superseded_on": None,
            "holders_moved_to": None,
            "audience": [],
            "description": add_on["description"],
            "requirements": add_on["requirements"],
            "is_add_on": True,
            "base_any_of": add_on["prerequisite_any_of"],
            "emerging_max_months": longest["value"] * {"years": 12, "months": 1}[longest["unit"]]
            if add_on["emerging"]["allowed"]
            else None,
        }


def digest(data: Any) -> str:
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read(folder: Path = STANDARDS) -> Standards:
    """All files, valid in themselves and together; else StandardsFault."""
    content: dict[str, Any] = {}
    faults: list[str] = []
    for name in FILES:
        try:
            content[name] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            faults.append(f"{name}.json: {error}")
            continue
        faults.extend(schema_faults(name, content[name]))
    if faults:
        raise StandardsFault(faults)
    return _together(content)


def _together(content: dict[str, Any]) -> Standards:
    standards = Standards(**content)
    if faults := list(cross_faults(standards)):
        raise StandardsFault(faults)
    return standards


def schema_faults(name: str, content: Any) -> Iterator[str]:
    """What one file says against its schema, each with its path."""
    schema = json.loads((STANDARDS / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    for error in sorted(Draft202012Validator(schema).iter_errors(content), key=lambda error: error.json_path):
        yield f"{name}.json {error.json_path}: {error.message[:200]}"


def cross_faults(standards: Standards) -> Iterator[str]:
    """What no schema can say: names that must exist elsewhere, keys that must be unique."""
    known = {category["code"] for category in standards.all_categories}
    if len(known) != len(standards.all_categories):
        yield "categories.json: a category code stands twice"
    for category in standards.all_categories:
        yield from _category_faults(category, known, standards)
    yield from _matrix_faults(standards, known)
    associations = {row["code"] for row in standards.associations["associations"]}
    for table in standards.fees["tables"]:
        if table["association"] not in associations:
            yield f"fees.json: unknown association {table['association']}"
    if standards.renewal["default_model"] not in {model["id"] for model in standards.renewal["models"]}:
        yield "renewal.json $.default_model: no such model"


def _category_faults(category: dict[str, Any], known: set[str], standards: Standards) -> Iterator[str]:
    where = f"categories.json {category['code']}"
    keys = [rule["key"] for rule in category["requirements"]]
    if len(set(keys)) != len(keys):
        yield f"{where}: a requirement key stands twice"
    named = {*category.get("base_any_of", []), *(category["holders_moved_to"] or [])}
    if category["superseded_by"]:
        named.add(category["superseded_by"])
    lent = lent_work(standards.all_categories)
    for rule in category["requirements"]:
        params = rule["params"]
        lender = params.get("meets_category_work")
        if lender is not None and lender not in lent:
            yield f"{where} {rule['key']}: {lender} has no work rule to run"
            continue
        if params.get("group") and rule["required"]:
            yield f"{where} {rule['key']}: a rule of an any-of group is not required by itself"
        named.update(code for period in params.get("qualifying_providers") or [] for code in period["codes"])
        named.update(params.get("endorsed_categories") or [])
        if rule["kind"] == "endorsement":
            named.update(params["any_of"])
        if rule["kind"] == "reference_ratings" and params["count"] != len(params["slots"]):
            slots = len(params["slots"])
            yield f"{where} {rule['key']}: {params['count']} ratings are asked, and {slots} slots are described"
        try:
            requirement_from(rule, borrowed=lent.get(lender))
        except (KeyError, ValueError, OverflowError) as error:
            yield f"{where} {rule['key']}: {error}"
    yield from (f"{where}: unknown category {code}" for code in sorted(named - known))


def _matrix_faults(standards: Standards, known: set[str]) -> Iterator[str]:
    items = {item["code"] for item in standards.competencies["competencies"]}
    areas = {area["code"] for area in standards.competencies["areas"]}
    for item in standards.competencies["competencies"]:
        if item["area"] not in areas:
            yield f"competencies.json {item['code']}: unknown area {item['area']}"
    lists = [row["category"] for row in standards.competencies["matrix"]]
    lists += [row["add_on"] for row in standards.competencies["add_on_matrix"]]
    yield from (
        f"competencies.json matrix: {code} stands twice" for code in sorted(set(lists)) if lists.count(code) > 1
    )
    for row in matrix_rows(standards):
        if row[0] not in known:
            yield f"competencies.json matrix: unknown category {row[0]}"
        if row[1] not in items:
            yield f"competencies.json matrix {row[0]}: unknown competency {row[1]}"


def lent_work(categories: list[dict[str, Any]]) -> dict[str | None, dict[str, Any]]:
    """Category code -> params of its rule `work`, for rules that run another category's."""
    return {
        category["code"]: rule["params"]
        for category in categories
        for rule in category["requirements"]
        if rule["key"] == "work"
    }


def matrix_rows(standards: Standards) -> Iterator[tuple[str, str, list[str]]]:
    """Category code, competency code, ways of showing it."""
    for row in standards.competencies["matrix"]:
        for code, ways in row["competencies"].items():
            yield row["category"], code, ways
    for row in standards.competencies["add_on_matrix"]:
        for code, ways in row["competencies"].items():
            yield row["add_on"], code, ways
