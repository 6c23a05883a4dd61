"""Pure: a message's context on its way into JSON and back.

Instants and dates survive the journey, so that the mail shows them in its reader's language and zone. Text that is no
address of ours is defused in mails: a name or a title never becomes a link. Private links stay placeholders until the
mail is built.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

INSTANT, DAY = "$instant", "$day"
LINK_KEYS = frozenset({"private_link", "url_name"})


def stored(context: dict[str, Any]) -> dict[str, Any]:
    """JSON-plain; raises TypeError for what JSON cannot hold."""
    marked = {key: _marked(value) for key, value in context.items()}
    plain: dict[str, Any] = json.loads(json.dumps(marked, cls=DjangoJSONEncoder).replace("\\u0000", ""))
    return plain


def _marked(value: Any) -> Any:
    if isinstance(value, datetime):
        return {INSTANT: value.isoformat()}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Showing:
    """How values become what a template sees: what is done to people's text, and where private links lead."""

    own_address: str
    text: Callable[[str], str]
    address_for: Callable[[dict[str, str]], str]


def shown(value: Any, showing: Showing) -> Any:
    """The value as the template sees it."""
    if isinstance(value, str):
        ours = value == showing.own_address or value.startswith(f"{showing.own_address}/")
        return value if ours and len(value.split()) == 1 else showing.text(value)
    if isinstance(value, list):
        return [shown(item, showing) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {INSTANT}:
        return datetime.fromisoformat(value[INSTANT])
    if set(value) == {DAY}:
        return date.fromisoformat(value[DAY])
    if set(value) == LINK_KEYS:
        return showing.address_for(value)
    return {key: shown(item, showing) for key, item in value.items()}


def links_in(value: Any) -> list[dict[str, str]]:
    """Every private link's placeholder, in the order of the context."""
    if isinstance(value, list):
        return [link for item in value for link in links_in(item)]
    if not isinstance(value, dict):
        return []
    return [value] if set(value) == LINK_KEYS else [link for item in value.values() for link in links_in(item)]
