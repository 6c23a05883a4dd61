"""What a person typed and has not saved: kept by form, restored on the next visit, never written over silently."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from endorsement_portal.prepared import Prepared
from endorsement_portal.web.models import FormDraft

FIELDS_MAX = 200
BYTES_MAX = 200_000
SECRET_WORDS = ("password", "secret", "token", "csrf")
DRAFTS_MAX = 100
"""Unfinished forms of one person. Beyond it nothing old is thrown away: the new one is refused with words."""
STALE_DAYS = 180
"""Untouched for so long, a draft makes room for a new one."""
OWN_FIELDS = ("_draft_version", "_draft_writer", "_draft_owner", "_draft_seen", "_draft_keep", "discard")
VERSION_MAX = 2**31 - 1


class DraftTooLarge(Exception):
    """More than a form of ours can hold."""


class TooManyDrafts(Exception):
    """The person has as many unfinished forms as we keep."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody (the same person in another tab) saved first. `theirs` is what is stored now; None: it is gone."""

    theirs: FormDraft | None


def load(user: Any, form_key: str) -> FormDraft | None:
    if not user.is_authenticated:
        return None
    return next(iter(_drafts(user.pk, form_key)), None)


@Prepared
def _drafts(user: int, form_key: str) -> QuerySet[FormDraft]:
    """One at most."""
    return FormDraft.objects.filter(user=user, form_key=form_key)


def discard(user: Any, form_key: str) -> None:
    """After a successful save, or when the person wants to start from what is saved."""
    if user.is_authenticated:
        FormDraft.objects.filter(user=user, form_key=form_key).delete()


def kept_values(data: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What of a posted form is kept: no secrets, none of our own fields, no NUL. Raises DraftTooLarge."""
    kept = {
        name: [value.replace("\x00", "") for value in values]
        for name, values in data.items()
        if name not in OWN_FIELDS and not any(word in name.lower() for word in SECRET_WORDS)
    }
    size = sum(len(name) + sum(len(value) for value in values) for name, values in kept.items())
    if len(kept) > FIELDS_MAX or size > BYTES_MAX:
        raise DraftTooLarge
    return kept


def save(
    *, user: Any, form_key: str, data: dict[str, list[str]], seen_version: int, writer: str = ""
) -> FormDraft | Conflict:
    """Save over the version that was seen; 0 means: there was none. Of two racers one gets a Conflict.

    `writer` marks the page: what the same page saved last is never a conflict for it, even when it did not hear of it.
    Raises TooManyDrafts.
    """
    if seen_version == 0 and (created := _create(user, form_key, data, writer)):
        return created
    unchanged = Q(version=seen_version) | Q(writer=writer) if writer else Q(version=seen_version)
    written = FormDraft.objects.filter(unchanged, user=user, form_key=form_key).update(
        data=data, version=F("version") + 1, writer=writer, updated_at=timezone.now()
    )
    stored = load(user, form_key)
    return stored if written and stored is not None else Conflict(stored)


def _create(user: Any, form_key: str, data: dict[str, list[str]], writer: str) -> FormDraft | None:
    """None: there is one already."""
    if load(user, form_key) is not None:
        return None
    _make_room(user)
    try:
        with transaction.atomic():
            return FormDraft.objects.create(user=user, form_key=form_key, data=data, writer=writer)
    except IntegrityError:
        return None


def _make_room(user: Any) -> None:
    own = FormDraft.objects.filter(user=user)
    if own.count() < DRAFTS_MAX:
        return
    stale = own.filter(updated_at__lt=timezone.now() - datetime.timedelta(days=STALE_DAYS))
    if not stale.order_by("updated_at")[:1].count():
        raise TooManyDrafts
    stale.order_by("updated_at")[0].delete()


def bound_initial(form_class: type[forms.Form], draft: FormDraft | None, prefix: str = "") -> dict[str, Any]:
    """The draft's values as `initial` of a form, exactly as typed. Files and unknown names are left out."""
    if draft is None:
        return {}
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    initial = {}
    for name, field in form_class.base_fields.items():
        full = f"{prefix}-{name}" if prefix else name
        if isinstance(field, forms.FileField) or field.widget.value_omitted_from_data(data, {}, full):
            continue
        initial[name] = field.widget.value_from_datadict(data, {}, full)
    return initial


def owner_mark(user: Any) -> str:
    """Whose page this is, without saying who: a draft typed by one person is never saved for another."""
    return salted_hmac("endorsement_portal.web.drafts", str(user.pk)).hexdigest()[:16]


def seen_version(posted: Mapping[str, str], form_key: str) -> int:
    """Which version of the draft a posted page had: shown again with its messages, it goes on from there. 0: none."""
    version, _space, key = posted.get("_draft_seen", "").partition(" ")
    if key != form_key or not (version.isascii() and version.isdigit()):
        return 0
    return min(int(version[:10]), VERSION_MAX)


def autosave_attributes(form_key: str, draft: FormDraft | None, user: Any = None, seen: int = 0) -> dict[str, str]:
    """The data-attributes that static/js/autosave.js reads from a <form>. `seen`: of a page that is shown again."""
    attributes = {
        "data-autosave": reverse("web:save_draft", args=[form_key]),
        "data-autosave-key": form_key,
        "data-autosave-version": str(draft.version if draft else seen),
        "data-autosave-login": str(settings.LOGIN_URL),
        "data-autosave-words": json.dumps(_words()),
    }
    if user is not None and user.is_authenticated:
        attributes["data-autosave-owner"] = owner_mark(user)
    return attributes


def _words() -> dict[str, str]:
    return {
        "saved": _("Saved"),
        "offline": _("Not saved yet: there is no connection. Keep this page open, we go on trying."),
        "signed_out": _("Not saved yet: you are signed out. Keep this page open and sign in again:"),
        "sign_in": _("sign in in a new tab"),
        "other": _("Not saved: somebody else is signed in now. Copy what you need, then load the page again."),
        "large": _("Not saved: this is more text than the form can hold. Make it shorter."),
        "many": _("Not saved: you have too many unfinished forms. Save or discard some of them first."),
        "sending": _("Not sent yet: there is no connection. Keep this page open, it is sent as soon as there is one."),
        "refused": _("What you type here is not kept on the way. Save it when you are done."),
        "conflict": _("Not saved: this form was changed elsewhere. Choose a version above."),
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in two versions, as shown side by side."""

    field: str
    mine: str
    theirs: str


def differences(mine: dict[str, list[str]], theirs: FormDraft | None) -> tuple[Difference, ...]:
    """The fields in which the two versions differ, in the order of the form; a name with "_" is none of a person's."""
    other: dict[str, list[str]] = theirs.data if theirs else {}
    return tuple(
        Difference(name, ", ".join(mine.get(name, [])), ", ".join(other.get(name, [])))
        for name in dict.fromkeys([*mine, *other])
        if not name.startswith("_") and mine.get(name, []) != other.get(name, [])
    )
