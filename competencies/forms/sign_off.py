"""The provider's page: one row for each session, one name under all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from competencies.actions.supervision import (
    NAME_LENGTH_MAX,
    REASON_LENGTH_MAX,
    SESSION_MINUTES_MAX,
    SessionAnswer,
)
from competencies.enums import SignOffAnswer
from competencies.forms.entries import VERSION_MAX
from competencies.models import Supervision
from endorsement_portal.web.forms import PlainForm
from endorsement_portal.web.templatetags.portal import day
from members.models import Person

LATER = "later"
ANSWERS = [("confirm", _("Yes, we met")), ("decline", _("No, not with me")), (LATER, _("Leave for later"))]


@dataclass(frozen=True, slots=True)
class Row:
    session: Supervision
    answer: BoundField
    minutes: BoundField
    reason: BoundField
    version: BoundField

    @property
    def has_errors(self) -> bool:
        return bool(self.answer.errors or self.minutes.errors or self.reason.errors)


class SignOffForm(PlainForm):
    typed_name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name to sign.")},
    )

    def __init__(self, *args: Any, sessions: Iterable[Supervision], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.sessions = [session for session in sessions if self._was_shown(session)]
        for session in self.sessions:
            self._add_row(session)

    def _was_shown(self, session: Supervision) -> bool:
        """A session logged after the page was shown waits for the next time: nobody signs what they have not seen."""
        return not self.is_bound or f"version-{session.uuid}" in self.data

    @property
    def gone(self) -> int:
        """How many of the rows that were answered no longer wait: withdrawn, or answered in another window."""
        known = {f"version-{session.uuid}" for session in self.sessions}
        return sum(name.startswith("version-") and name not in known for name in self.data)

    def _add_row(self, session: Supervision) -> None:
        name = str(session.uuid)
        about = {"day": day(session.on), "person": session.person.name}
        self.fields[f"answer-{name}"] = forms.ChoiceField(
            label=_("Your answer for %(day)s, %(person)s") % about,
            choices=ANSWERS,
            initial="confirm",
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.fields[f"minutes-{name}"] = forms.IntegerField(
            label=_("Minutes on %(day)s, %(person)s") % about,
            initial=session.minutes,
            required=False,
            min_value=1,
            max_value=SESSION_MINUTES_MAX,
            widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            error_messages={
                "min_value": _("A session lasts at least 1 minute."),
                "max_value": _("A session lasts at most 24 hours."),
            },
        )
        self.fields[f"reason-{name}"] = forms.CharField(
            label=_("Reason or note for %(day)s, %(person)s") % about,
            required=False,
            max_length=REASON_LENGTH_MAX,
            widget=forms.TextInput(attrs={"class": "form-control"}),
        )
        self.fields[f"version-{name}"] = forms.IntegerField(
            initial=session.version, min_value=1, max_value=VERSION_MAX, widget=forms.HiddenInput, label=""
        )

    def rows(self) -> list[tuple[Person, list[Row]]]:
        """Rows under their person, in the order of the sessions."""
        groups: dict[int, tuple[Person, list[Row]]] = {}
        for session in self.sessions:
            parts = (self[f"{part}-{session.uuid}"] for part in ("answer", "minutes", "reason", "version"))
            groups.setdefault(session.person_id, (session.person, []))[1].append(Row(session, *parts))
        return list(groups.values())

    def clean(self) -> dict[str, Any]:
        for session in self.sessions:
            answer = self.cleaned_data.get(f"answer-{session.uuid}")
            reason = f"reason-{session.uuid}"
            if answer == "decline" and not self.cleaned_data.get(reason) and reason not in self.errors:
                self.add_error(reason, _("Say in a few words why you decline."))
        return self.cleaned_data

    def answers(self) -> tuple[SessionAnswer, ...]:
        return tuple(
            self._answer(session) for session in self.sessions if self.cleaned_data[f"answer-{session.uuid}"] != LATER
        )

    def _answer(self, session: Supervision) -> SessionAnswer:
        given = {
            part: self.cleaned_data[f"{part}-{session.uuid}"] for part in ("answer", "minutes", "reason", "version")
        }
        answer = SignOffAnswer(given["answer"])
        minutes = given["minutes"] or session.minutes
        if answer == SignOffAnswer.CONFIRM and minutes != session.minutes:
            answer = SignOffAnswer.CORRECT
        return SessionAnswer(
            session=session.uuid,
            version=given["version"],
            answer=answer,
            minutes=minutes if answer == SignOffAnswer.CORRECT else None,
            reason=given["reason"],
        )
