"""Each form of ours says what to enter: nobody reads a bare "This field is required."."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings

from endorsement_portal.web.forms import ASKS, GENERIC, PlainForm, SaysWhatToEnter, says_what_to_enter


def form_classes():
    """Every form class of our own packages."""
    own = [app for app in apps.get_app_configs() if Path(app.path).parent.is_relative_to(settings.BASE_DIR)]
    own = [app for app in own if ".venv" not in app.path]
    for app in own:
        for found in pkgutil.walk_packages([app.path], f"{app.name}."):
            if "migrations" not in found.name:
                importlib.import_module(found.name)

    def below(cls):
        for child in cls.__subclasses__():
            yield child
            yield from below(child)

    roots = {app.name.partition(".")[0] for app in own}
    found = {cls for cls in below(forms.BaseForm) if cls.__module__.partition(".")[0] in roots}
    return sorted(found - {SaysWhatToEnter, PlainForm}, key=lambda cls: f"{cls.__module__}.{cls.__name__}")


def test_every_form_of_ours_says_what_to_enter():
    classes = form_classes()
    assert len(classes) > 50
    assert [cls.__name__ for cls in classes if not issubclass(cls, SaysWhatToEnter)] == []
    bare = [
        f"{cls.__name__}.{name}"
        for cls in classes
        for name, field in cls.base_fields.items()
        if field.required and str(says_what_to_enter(field)) == str(GENERIC)
    ]
    assert bare == []


@pytest.mark.parametrize("kind", [kind for kind, _words in ASKS] + [forms.CharField])
def test_a_field_made_late_is_asked_for_too(kind):
    class Late(PlainForm):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            more = {"queryset": None} if issubclass(kind, forms.ModelChoiceField) else {}
            self.fields["late"] = kind(label="Your story", **more)

    said = Late({}).errors["late"]
    assert len(said) == 1
    assert said != [str(GENERIC)]


def test_text_is_asked_for_by_its_label_and_own_words_stay():
    class Two(PlainForm):
        story = forms.CharField(label="Your story")
        bare = forms.CharField(label="")
        asked = forms.CharField(label="Why?")
        kind = forms.CharField(error_messages={"required": "Say which."})

    assert Two({}).errors == {
        "story": ["Please fill this in: Your story."],
        "bare": ["Write a few words here."],
        "asked": ["Write a few words here."],
        "kind": ["Say which."],
    }
