"""A database's business rows in one canonical form: the same invented world gives the same text on any engine.

Primary keys become places in their table, so that sequences which do not roll back make no difference.
"""

import datetime
import json
from typing import Any

from django.apps import apps
from django.db.models import Field, FileField, Model

OURS = ("members", "competencies", "cohorts", "credentials", "applications", "outbox", "files", "audit")
LEFT_OUT = {"members.User.password", "outbox.OutgoingMessage.lease_token"}
"""Password hashes and tokens. Private links are tokens altogether."""


def dump(*, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    models = [model for label in OURS for model in apps.get_app_config(label).get_models() if label in OURS]
    places = {model: _places(model) for model in models}
    return {
        model._meta.label: [_row(row, places) for row in model._default_manager.order_by("pk")]
        for model in models
        if model._meta.label not in without
    }


def _places(model: type[Model]) -> dict[Any, int]:
    return {pk: place for place, pk in enumerate(model._default_manager.order_by("pk").values_list("pk", flat=True))}


def _row(row: Model, places: dict[type[Model], dict[Any, int]]) -> dict[str, Any]:
    found = {}
    for field in row._meta.concrete_fields:
        if f"{row._meta.label}.{field.name}" in LEFT_OUT or field.primary_key:
            continue
        found[field.name] = _value(row, field, places)
    return found


def _value(row: Model, field: Field, places: dict[type[Model], dict[Any, int]]) -> Any:
    value = getattr(row, field.attname)
    if field.remote_field is not None and value is not None:
        target = field.remote_field.model
        if field.target_field.primary_key and target in places:
            return f"{target._meta.label} {places[target][value]}"
        return str(value)
    if isinstance(field, FileField):
        return value.name
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return json.loads(json.dumps(value, default=str, sort_keys=True))
