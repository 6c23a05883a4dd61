"""Pure: an association's settings laid over the rules of an edition, without copying them (decision 10).

`overlaid` answers for one category; `merged` writes the same changes into the edition's file. Both go through
`merged_rule`, and a property test holds them equal.

Keys of the settings, all optional: `requirements` {category: {requirement: {params, label, required, stage}}},
`names` {category: display name}, `dei_minutes` {category: whole minutes, 0 for none}, `max_group_size`,
`rsc_window_months`, `training_expiry_months`, `vetted_until` (a day), `rsc_confirmation_required`, `coverage` (warn or
block), `membership_through_review`, `fees` [{fee, amount, currency, category_codes}].
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from competencies.enums import RequirementKind, TrainingTopic
from competencies.specs import CategorySpec, Data, RequirementSpec, requirement_from

DEI_NAME = "diversity, equity and inclusion in the field"
OWN_FIELDS = ("label", "required", "stage")


def overlaid(spec: CategorySpec, data: Data, *, name: str | None = None) -> CategorySpec:
    """The category with an association's settings laid over it. The edition itself stays as it is."""
    return replace(
        spec,
        name=display_name(data, spec.code) or spec.name,
        requirements=tuple(_overlaid_requirement(requirement, spec.code, data) for requirement in spec.requirements),
        overlay=name,
    )


def display_name(data: Data, code: str) -> str:
    """What the association calls a category; empty: as the standard does."""
    name: str = data.get("names", {}).get(code) or ""
    return name


def _overlaid_requirement(requirement: RequirementSpec, code: str, data: Data) -> RequirementSpec:
    rule = merged_rule(raw_rule(requirement), code, data)
    borrowed = requirement.borrowed
    if borrowed is not None:
        lent = _own(data, rule["params"]["meets_category_work"], "work")
        borrowed = {**borrowed, **lent.get("params", {})}
    return requirement_from(rule, borrowed=borrowed)


def raw_rule(requirement: RequirementSpec) -> dict[str, Any]:
    """A requirement as it stands in the file."""
    return {
        "key": requirement.key,
        "kind": requirement.kind,
        "label": requirement.label,
        "required": requirement.required,
        "stage": requirement.stage,
        "params": requirement.params,
        "source_url": requirement.source_url,
        "as_of": requirement.as_of,
        "evidence": requirement.evidence,
        "association_setting": requirement.association_setting,
        "note": requirement.note,
    }


def merged_rule(rule: Data, code: str, data: Data) -> dict[str, Any]:
    """One rule of the file with the settings in it. A value set for one rule stands above one set for all."""
    own = _own(data, code, rule["key"])
    own_params = own.get("params", {})
    everywhere = {key: value for key, value in _general_params(rule, code, data).items() if key not in own_params}
    fields = {name: own[name] for name in OWN_FIELDS if name in own}
    return {**rule, **fields, "params": {**rule["params"], **everywhere, **own_params}}


def _own(data: Data, code: str, key: str) -> Data:
    own: Data = data.get("requirements", {}).get(code, {}).get(key, {})
    return own


def _general_params(rule: Data, code: str, data: Data) -> dict[str, Any]:
    """The parameters that the settings for all categories give this rule."""
    params: dict[str, Any] = {}
    if rule["kind"] == RequirementKind.RSC_HOURS:
        if "max_group_size" in data:
            params["max_group_size"] = data["max_group_size"]
        if "rsc_window_months" in data:
            params["window"] = {"max": {"value": data["rsc_window_months"], "unit": "months"}}
    if rule["kind"] == RequirementKind.TRAINING_HOURS:
        if "training_expiry_months" in data:
            params["expiry"] = {"value": data["training_expiry_months"], "unit": "months"}
        if code in data.get("dei_minutes", {}):
            params["sub_minimums"] = _with_dei(rule["params"].get("sub_minimums") or [], data["dei_minutes"][code])
    return params


def _with_dei(parts: list[Data], minutes: int) -> list[Data]:
    """The parts of a training rule with this many minutes on diversity, equity and inclusion; 0: without that part."""
    asked = {"value": minutes, "unit": "minutes"}
    present = any(part["topic"] == TrainingTopic.DEI for part in parts)
    changed = [
        {**part, "min": asked} if part["topic"] == TrainingTopic.DEI else part
        for part in parts
        if minutes or part["topic"] != TrainingTopic.DEI
    ]
    if minutes and not present:
        topic = TrainingTopic.DEI.value
        changed.append({"key": topic, "topic": topic, "topic_name": DEI_NAME, "min": asked})
    return changed


def merged(categories: Data, data: Data) -> dict[str, Any]:
    """The file of the categories with the settings written into it."""
    return {
        **categories,
        "categories": [_merged_category(row, data) for row in categories["categories"]],
        "add_ons": [_merged_category(row, data) for row in categories["add_ons"]],
    }


def _merged_category(row: Data, data: Data) -> dict[str, Any]:
    return {
        **row,
        "name": display_name(data, row["code"]) or row["name"],
        "requirements": [merged_rule(rule, row["code"], data) for rule in row["requirements"]],
    }
