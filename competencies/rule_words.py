"""Pure: the exact rule in words, from its typed parameters. What a person is judged by is what they read."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from competencies import wording
from competencies.enums import EducationLevel, RequirementKind, WorkRole
from competencies.rule_texts import translated
from competencies.specs import DocumentRule, EducationRule, RequirementSpec, RscRule, TrainingRule, WorkRule


def in_words(requirement: RequirementSpec) -> str:
    """One or more plain sentences."""
    write = _WRITERS.get(RequirementKind(requirement.kind))
    return write(requirement) if write else f"{translated(requirement.label)}."


def _education(requirement: RequirementSpec) -> str:
    rule = requirement.rule
    assert isinstance(rule, EducationRule)
    if rule.asks_nothing:
        return _("No degree is required.")
    levels = ", ".join(str(level.label) for level in EducationLevel if level in rule.levels)
    words = _("One of these: %(levels)s.") % {"levels": levels}
    if rule.license_kind:
        words += " " + _("Or a mental health professional license that is current on the day of the report.")
    return words


def _work(requirement: RequirementSpec) -> str:
    rule = requirement.rule
    assert isinstance(rule, WorkRule)
    words = [
        _("At least %(length)s of this work: %(roles)s.")
        % {
            "length": wording.length_in_words(rule.days_min),
            "roles": "; ".join(str(role.label) for role in WorkRole if role in rule.roles_any),
        },
        _("Every calendar day counts once, and a year is 365 days."),
    ]
    if rule.paid == "required":
        words.append(_("The work is paid."))
    if rule.paid == "paid_or_supervised_volunteer":
        words.append(_("The work is paid, or it is supervised volunteering after special training."))
    if rule.supervised:
        words.append(_("The work is supervised."))
    if rule.ages is not None:
        words.append(_ages(rule.ages.min_months, rule.ages.max_months))
    if rule.after_degree_level:
        words.append(_("Only days after the graduate degree count."))
    if rule.families_min:
        words.append(_("At least %(count)s families were served.") % {"count": rule.families_min})
    if rule.internship is not None:
        words.append(
            _("Up to %(length)s of a supervised internship counts, from %(hours)s hours a week.")
            % {
                "length": wording.length_in_words(rule.internship.max_days),
                "hours": rule.internship.min_hours_per_week,
            }
        )
    if rule.waivable_while == "emerging":
        words.append(_("Not asked while you apply as emerging."))
    return " ".join(words)


def _ages(low: int, high: int) -> str:
    return _("It is about children of %(low)s to %(high)s months.") % {"low": low, "high": high}


def _training(requirement: RequirementSpec) -> str:
    rule = requirement.rule
    assert isinstance(rule, TrainingRule)
    words = [_("At least %(hours)s of training that fits the ages of the license.") % _hours(rule.minutes)]
    words.extend(
        _("Within it, at least %(hours)s on %(topic)s.")
        % {**_hours(part.minutes), "topic": translated(part.topic_name)}
        for part in rule.sub_minimums
    )
    if rule.typical_minutes:
        words.append(_("About %(hours)s is usual.") % _hours(rule.typical_minutes))
    if rule.expiry_months:
        words.append(_("Training of the last %(months)s months counts.") % {"months": rule.expiry_months})
    return " ".join(words)


def _rsc(requirement: RequirementSpec) -> str:
    rule = requirement.rule
    assert isinstance(rule, RscRule)
    if not rule.minutes:
        return _("Reflective supervision/consultation is recommended, and no minimum applies.")
    words = [
        _("At least %(hours)s of reflective supervision/consultation received, individual or group.")
        % _hours(rule.minutes)
    ]
    if rule.about_own_provision_minutes:
        words.append(
            _("Within it, at least %(hours)s about the RSC you give.") % _hours(rule.about_own_provision_minutes)
        )
    if rule.providers is not None:
        codes = sorted({code for period in rule.providers for code in period.codes})
        words.append(
            _("On the day of the session the provider holds one of these: %(codes)s.") % {"codes": ", ".join(codes)}
        )
    if not rule.peers_count:
        words.append(_("Peer meetings without a named provider do not count."))
    if rule.max_group_size is not None:
        words.append(_("Groups have at most %(size)s members.") % {"size": rule.max_group_size})
    if rule.window_months:
        words.append(_("Sessions of the last %(months)s months count.") % {"months": rule.window_months})
    words.append(_("Minutes count once the provider has confirmed them."))
    return " ".join(words)


def _document(requirement: RequirementSpec) -> str:
    rule = requirement.rule
    assert isinstance(rule, DocumentRule)
    asked = {
        "study_used": _("Asked only for study that counts toward the education rule."),
        "license_used": _("Asked only for a professional license that counts toward the education rule."),
    }
    return " ".join([f"{translated(requirement.label)}.", *([asked[rule.when]] if rule.when else [])])


def _references(requirement: RequirementSpec) -> str:
    params = requirement.params
    words = [_("%(count)s reference ratings, each from another person.") % {"count": params["count"]}]
    if params.get("min_from_endorsed"):
        words.append(_("At least %(count)s is from an endorsed person.") % {"count": params["min_from_endorsed"]})
    return " ".join(words)


def _exam(requirement: RequirementSpec) -> str:
    parts = requirement.params.get("parts") or ()
    if not parts:
        return _("There is no written exam for this category.")
    return _("A written exam in %(count)s parts, after the review has approved you to sit it.") % {"count": len(parts)}


def _endorsement(requirement: RequirementSpec) -> str:
    return _("You hold one of these on the day: %(codes)s.") % {"codes": ", ".join(requirement.params["any_of"])}


def _hours(minutes: int) -> dict[str, str]:
    return {"hours": wording.hours_in_words(minutes)}


_WRITERS: dict[RequirementKind, Callable[[RequirementSpec], str]] = {
    RequirementKind.EDUCATION: _education,
    RequirementKind.WORK: _work,
    RequirementKind.TRAINING_HOURS: _training,
    RequirementKind.RSC_HOURS: _rsc,
    RequirementKind.DOCUMENT: _document,
    RequirementKind.REFERENCE_RATINGS: _references,
    RequirementKind.EXAM: _exam,
    RequirementKind.ENDORSEMENT: _endorsement,
}
