"""Forms of what is counted in minutes: trainings and RSC sessions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.actions.portfolio import NamedProvider
from competencies.actions.supervision import SESSION_MINUTES_MAX
from competencies.enums import EntryKind, SessionFormat, SessionMode, TrainingTopic
from competencies.forms.background import CHOOSE
from competencies.forms.entries import EntryForm, competencies_field
from competencies.forms.fields import AgesField, DayField, LengthField, WordsField
from competencies.models.portfolio import AnyEntry, Supervision, Training
from competencies.queries.providers import used_by

TRAINING_MINUTES_MAX = 2000 * 60
PARTS: dict[str, TrainingTopic] = {f"part_{topic.value}": topic for topic in TrainingTopic}
"""Field -> the topic of which it takes the minutes."""
SOMEONE_ELSE = "new"
NOBODY = "none"


class TrainingForm(EntryForm):
    kind = EntryKind.TRAINING
    short = ("title", "on", "minutes", "topics")

    title = forms.CharField(label=_("Course"), max_length=200)
    on = DayField(label=_("Date you finished"))
    minutes = LengthField(minutes_max=TRAINING_MINUTES_MAX, usual=True)
    topics = WordsField(
        label=_("All of it was about"),
        choices=TrainingTopic.choices,
        help_text=_("Leave empty for other topics. If only a part was about one of these, say so under More details."),
    )
    organizer = forms.CharField(label=_("Who offered it"), max_length=200, required=False)
    part_core = LengthField(
        label=_("Of it, about relationship-based work"), minutes_max=TRAINING_MINUTES_MAX, required=False, help_text=""
    )
    part_rsc = LengthField(
        label=_("Of it, about giving reflective supervision/consultation"),
        minutes_max=TRAINING_MINUTES_MAX,
        required=False,
        help_text="",
    )
    part_dei = LengthField(
        label=_("Of it, about diversity, equity and inclusion"),
        minutes_max=TRAINING_MINUTES_MAX,
        required=False,
        help_text="",
    )
    ages = AgesField()
    competencies = competencies_field()

    @classmethod
    def initial_of(cls, entry: AnyEntry) -> dict[str, Any]:
        assert isinstance(entry, Training)
        parts = {name: entry.topic_minutes.get(topic.value, "") for name, topic in PARTS.items()}
        return super().initial_of(entry) | parts

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self.refuse_future("on")
        for name, topic in PARTS.items():
            part, whole = cleaned.get(name), cleaned.get("minutes")
            if part and topic.value in cleaned.get("topics", []):
                self.add_error(name, _("You said above that all of it was about this. Choose one of the two."))
            elif part and whole and part > whole:
                self.add_error(name, _("A part cannot be longer than the whole."))
        return cleaned

    def values(self) -> dict[str, Any]:
        given = super().values()
        parts = {topic.value: given.pop(name) for name, topic in PARTS.items()}
        return given | {"topic_minutes": {topic: minutes for topic, minutes in parts.items() if minutes}}


class SupervisionForm(EntryForm):
    """One RSC session. No field asks what was talked about, and none will."""

    kind = EntryKind.SUPERVISION
    short = ("on", "minutes", "provider", "provider_name", "provider_email", "format", "group_size", "mode")

    on = DayField(label=_("Date"))
    minutes = LengthField(minutes_max=SESSION_MINUTES_MAX, usual=True)
    provider = forms.ChoiceField(label=_("Provider"))
    provider_name = forms.CharField(label=_("Provider's name"), max_length=200, required=False)
    provider_email = forms.EmailField(
        label=_("Provider's email"),
        max_length=254,
        required=False,
        help_text=_("We write to this address only when you ask for a confirmation."),
    )
    format = forms.ChoiceField(label=_("Kind"), choices=SessionFormat.choices, widget=forms.RadioSelect)
    group_size = forms.IntegerField(
        label=_("People in the group"),
        required=False,
        min_value=2,
        max_value=500,
        help_text=_("Only for a group: you and the others, without the provider."),
    )
    mode = forms.ChoiceField(label=_("Where"), choices=SessionMode.choices, widget=forms.RadioSelect)
    about_own_provision = forms.BooleanField(
        label=_("It was about the reflective supervision/consultation that I give to others"), required=False
    )
    ages = AgesField()
    competencies = competencies_field()

    def prepare(self) -> None:
        self.providers = {str(person.uuid): person for person in self.known_providers or used_by(self.person)}
        self.fields["provider"].choices = [  # type: ignore[attr-defined]
            CHOOSE,
            *((key, person.name) for key, person in self.providers.items()),
            (SOMEONE_ELSE, _("Someone else")),
            (NOBODY, _("Nobody: a peer meeting")),
        ]
        if not self.providers:
            self.fields["provider"].initial = SOMEONE_ELSE

    @classmethod
    def initial_of(cls, entry: AnyEntry) -> dict[str, Any]:
        assert isinstance(entry, Supervision)
        return super().initial_of(entry) | {"provider": str(entry.provider.uuid) if entry.provider else NOBODY}

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self.refuse_future("on")
        self._clean_provider()
        if cleaned.get("format") == SessionFormat.INDIVIDUAL:
            cleaned["group_size"] = None
            if cleaned.get("provider") == NOBODY:
                self.add_error("provider", _("An individual session has a provider. Name the person."))
        elif cleaned.get("format") and not cleaned.get("group_size") and "group_size" not in self.errors:
            self.add_error("group_size", _("Say how many of you were in the group."))
        return cleaned

    def _clean_provider(self) -> None:
        if self.cleaned_data.get("provider") != SOMEONE_ELSE:
            return
        for name, words in (
            ("provider_name", _("Write the provider's name.")),
            ("provider_email", _("Write the provider's email, so that they can confirm.")),
        ):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, words)

    def values(self) -> dict[str, Any]:
        given = super().values()
        name, email = given.pop("provider_name"), given.pop("provider_email")
        chosen = given["provider"]
        if chosen == SOMEONE_ELSE:
            given["provider"] = NamedProvider(name=name, email=email)
        else:
            given["provider"] = self.providers.get(chosen)
        return given
