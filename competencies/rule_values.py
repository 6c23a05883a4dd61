"""Pure: every value of a rule in words with its unit, for reading two editions side by side."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies import wording
from competencies.enums import (
    EducationLevel,
    ProfessionalLicenseKind,
    SessionFormat,
    SessionMode,
    Stage,
    WorkRole,
)
from competencies.rule_texts import translated
from competencies.specs import Data, minutes_of

NOTHING = gettext_lazy("not asked")


def value_in_words(key: str, value: Any) -> str:
    """ "24 h", "2 years", "Individual, Group". Null, false-like lists and absence read the same: not asked."""
    if value is None or value in ([], {}, ""):
        return str(NOTHING)
    write = WRITERS.get(key)
    return write(value) if write else _plain(value)


def label_of(key: str) -> str:
    """What a parameter or field of a rule is called."""
    known = LABELS.get(key)
    return str(known) if known else key.replace("_", " ").capitalize()


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return "; ".join(f"{label_of(key)}: {value_in_words(key, inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(inner) for inner in value)
    return str(value).replace("_", " ")


def _hours(value: Data) -> str:
    return wording.hours_in_words(minutes_of(value))


def _months(count: int) -> str:
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": count}


def _span(value: Data) -> str:
    if value["unit"] == "minutes":
        return _("%(count)s min") % {"count": value["value"]}
    if value["unit"] == "years":
        return ngettext("%(count)s year", "%(count)s years", value["value"]) % {"count": value["value"]}
    return _months(value["value"])


def _window(value: Data) -> str:
    last = _("the last %(span)s") % {"span": _span(value["max"])}
    return _("%(last)s, at least %(span)s") % {"last": last, "span": _span(value["min"])} if value.get("min") else last


def _ages(value: Data) -> str:
    return _("%(low)s to %(high)s months") % {"low": value["min_months"], "high": value["max_months"]}


def _labels(choices: Any) -> Callable[[Any], str]:
    names = {choice.value: choice.label for choice in choices}

    def write(value: Any) -> str:
        listed = value if isinstance(value, list) else [value]
        return ", ".join(str(names[item]) for item in listed)

    return write


def _periods(value: list[Data]) -> str:
    lines = []
    for period in value:
        codes = ", ".join(period["codes"])
        first, last = period.get("from"), period.get("to")
        about = {"codes": codes, "first": first and _day(first), "last": last and _day(last)}
        if first and last:
            lines.append(_("%(codes)s from %(first)s to %(last)s") % about)
        elif first:
            lines.append(_("%(codes)s from %(first)s on") % about)
        elif last:
            lines.append(_("%(codes)s until %(last)s") % about)
        else:
            lines.append(codes)
    return "; ".join(lines)


def _day(text: str) -> str:
    return wording.day_in_words(datetime.date.fromisoformat(text))


def _parts(value: list[Data]) -> str:
    return "; ".join(
        _("%(hours)s on %(topic)s")
        % {"hours": _hours(part["min"]), "topic": translated(part.get("topic_name", part["topic"]))}
        for part in value
    )


def _slots(value: list[Data]) -> str:
    lines = []
    for slot in value:
        who = _(" or ").join(item.replace("_", " ") for item in slot["who"])
        words = _("%(number)s. %(who)s") % {"number": slot["slot"], "who": who}
        if slot["endorsed_only"]:
            words += " " + (_("(endorsed or vetted)") if slot["vetted_ok"] else _("(endorsed)"))
        lines.append(words)
    return "; ".join(lines)


def _internship(value: Data) -> str:
    return _("up to %(months)s, from %(hours)s hours a week") % {
        "months": _months(value["max_months"]), "hours": value["min_hours_per_week"]
    }  # fmt: skip


def _either(value: list[Data]) -> str:
    """The ways to meet an education rule, or the codes an add-on may rest on."""
    if value and isinstance(value[0], str):
        return ", ".join(str(code) for code in value)
    return _(" or ").join(_plain_option(option) for option in value)


def _plain_option(option: Data) -> str:
    ((key, inner),) = option.items()
    return f"{label_of(key)}: {value_in_words(key, inner)}"


def _sentences(value: list[str]) -> str:
    return " ".join(translated(text) for text in value)


WRITERS: dict[str, Callable[[Any], str]] = {
    "label": translated,
    "stage": _labels(Stage),
    "accepted": _labels(EducationLevel),
    "degree_min": _labels(EducationLevel),
    "license": _labels(ProfessionalLicenseKind),
    "any_of": _either,
    "reviewer_checks": _sentences,
    "roles_any": _labels(WorkRole),
    "months_min": _months,
    "ages_overlap": _ages,
    "internship": _internship,
    "min": _hours,
    "sub_minimums": _parts,
    "typical_total": _hours,
    "expiry": _span,
    "min_received": _hours,
    "about_own_provision_min": _hours,
    "formats": _labels(SessionFormat),
    "delivery": lambda value: _labels(SessionMode)(value) if isinstance(value, list) else str(value),
    "qualifying_providers": _periods,
    "window": _window,
    "legacy_window": _window,
    "slots": _slots,
    "valid_for": _span,
    "rater_known_applicant_min": _span,
    "approval_valid": _span,
    "retake_wait": _span,
    "time": _span,
}
LABELS: dict[str, str | Promise] = {
    "label": gettext_lazy("Title"),
    "required": gettext_lazy("Required"),
    "stage": gettext_lazy("When it is asked"),
    "group": gettext_lazy("Alternative in the group"),
    "group_logic": gettext_lazy("How the group works"),
    "evidence": gettext_lazy("How well it is known"),
    "source_url": gettext_lazy("Source"),
    "as_of": gettext_lazy("As of"),
    "note": gettext_lazy("Remark"),
    "association_setting": gettext_lazy("Differs by association"),
    "accepted": gettext_lazy("Accepted levels"),
    "degree_min": gettext_lazy("Least degree"),
    "license": gettext_lazy("Professional license"),
    "any_of": gettext_lazy("One of these"),
    "reviewer_checks": gettext_lazy("What reviewers check"),
    "meets_category_work": gettext_lazy("Runs the work requirement of"),
    "roles_any": gettext_lazy("Kinds of work"),
    "months_min": gettext_lazy("Length"),
    "paid": gettext_lazy("Paid"),
    "supervised": gettext_lazy("Supervised"),
    "ages_overlap": gettext_lazy("Ages of the children"),
    "after_degree_level": gettext_lazy("Counts after the degree"),
    "families_min": gettext_lazy("Families served"),
    "internship": gettext_lazy("Internship"),
    "waivable_while": gettext_lazy("Not asked while"),
    "min": gettext_lazy("Hours asked"),
    "sub_minimums": gettext_lazy("Within it"),
    "typical_total": gettext_lazy("Usual hours"),
    "expiry": gettext_lazy("Training counts for"),
    "min_received": gettext_lazy("Hours asked"),
    "about_own_provision_min": gettext_lazy("About the RSC one gives"),
    "formats": gettext_lazy("Formats"),
    "delivery": gettext_lazy("Given"),
    "max_group_size": gettext_lazy("Largest group"),
    "peer_supervision_counts": gettext_lazy("Peer meetings count"),
    "qualifying_providers": gettext_lazy("Qualifying providers"),
    "window": gettext_lazy("Sessions that count"),
    "legacy_window": gettext_lazy("Window of earlier rules"),
    "count": gettext_lazy("Ratings asked"),
    "slots": gettext_lazy("From whom"),
    "min_from_endorsed": gettext_lazy("From endorsed people, at least"),
    "endorsed_categories": gettext_lazy("Endorsed as"),
    "vetted_ok": gettext_lazy("Vetted people may rate"),
    "form": gettext_lazy("Rating form"),
    "scope_default": gettext_lazy("Membership of"),
    "individual_only": gettext_lazy("Individual members only"),
    "must_be_current_at": gettext_lazy("Current at"),
    "resign_at_renewal": gettext_lazy("Signed again at renewal"),
    "attestation": gettext_lazy("Attestation"),
    "parts": gettext_lazy("Parts of the exam"),
    "approval_valid": gettext_lazy("Approval holds for"),
    "retake_wait": gettext_lazy("Wait before a retake"),
    "retake_scope": gettext_lazy("What is retaken"),
    "fee_reference": gettext_lazy("Fee"),
    "gate": gettext_lazy("Opens"),
    "windows": gettext_lazy("Exam days"),
    "document_type": gettext_lazy("Document"),
    "when": gettext_lazy("Asked when"),
}
"""Every field and parameter that a rule may have; a test reads the schema."""
