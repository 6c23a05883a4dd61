"""A finder's result as a page shows it: names and figures from the published standard, words from the finder."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies import finder
from competencies.enums import LicenseCode, RequirementKind
from competencies.finder import Change, Fit, LicenseResult, Role
from competencies.finder_words import NUMBERS, OPEN, SECOND, WORDS, Text
from competencies.queries import standards
from competencies.specs import CategorySpec, RscRule, TrainingRule, WorkRule
from competencies.wording import hours_in_words

AGE_WORDS = {
    LicenseCode.IMH: gettext_lazy("Pregnancy and birth up to 3 years"),
    LicenseCode.ECMH: gettext_lazy("3 up to 6 years"),
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    sentence: str
    number: int
    """The first question to answer anew."""


@dataclass(frozen=True, slots=True)
class ShownLicense:
    code: str
    ages: Text
    name: str
    slug: str
    complete: bool
    reasons: tuple[Text, ...]
    open: str
    """What Family Associate still asks for, when nothing fits in full yet."""
    bring: str
    second_name: str
    second_note: Text
    changes: tuple[ShownChange, ...]
    add_on_name: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    number: int
    question: Text
    answer: Text


def shown(answers: finder.Answers, today: datetime.date) -> tuple[ShownLicense, ...]:
    """One panel for each license. Reads the edition once; its rules are kept in the process."""
    specs = standards.category_specs(standards.edition_for(today))
    result = finder.result(answers)
    return tuple(_license(one, answers, specs) for one in result.licenses)


def shown_answers(answers: finder.Answers) -> tuple[ShownAnswer, ...]:
    return tuple(
        ShownAnswer(NUMBERS[key], words.title, words.choices[getattr(answers, key)].label)
        for key, words in WORDS.items()
    )


def _license(one: LicenseResult, answers: finder.Answers, specs: dict[str, CategorySpec]) -> ShownLicense:
    names = {role: specs[finder.category_code(one.license, role)] for role in Role}
    best = names[one.best.role]
    add_on = specs[f"ERS-{one.license.value.removesuffix('-E')}"]
    return ShownLicense(
        code=one.license.value,
        ages=AGE_WORDS[one.license],
        name=best.name,
        slug=best.slug,
        complete=one.best.complete,
        reasons=tuple(WORDS[key].choices[getattr(answers, key)].told for key in one.best.reasons),
        open=_list(OPEN[condition.key] for condition in one.best.missing),
        bring=_bring(best),
        second_name=names[one.runner_up.role].name,
        second_note=_second_note(one.runner_up),
        changes=tuple(_change(change, names) for change in one.changes),
        add_on_name=add_on.name if one.add_on else "",
    )


def _list(parts: object) -> str:
    return str(get_text_list([str(part) for part in parts], _("and")))  # type: ignore[attr-defined]


def _second_note(runner_up: Fit) -> Text:
    if runner_up.complete:
        return SECOND[runner_up.role]
    return _("It also asks for %(open)s.") % {"open": _list(OPEN[condition.key] for condition in runner_up.missing)}


def _change(change: Change, names: dict[Role, CategorySpec]) -> ShownChange:
    ifs = _list(WORDS[key].choices[value].change for key, value in change.answers)
    form = (
        _("If %(ifs)s, the best fit would be %(name)s.")
        if change.complete
        else _("If %(ifs)s, it would still be %(name)s, with something to do first.")
    )
    return ShownChange(
        sentence=form % {"ifs": ifs, "name": names[change.role].name}, number=NUMBERS[change.answers[0][0]]
    )


def _bring(spec: CategorySpec) -> str:
    """What the category asks for, from its published rules: time first, people next, the exam last."""
    parts: list[str] = []
    for requirement in spec.requirements:
        rule = requirement.rule
        if not requirement.required:
            continue
        if isinstance(rule, WorkRule) and rule.families_min:
            parts.append(_("work with %(n)d families of this age") % {"n": rule.families_min})
        elif isinstance(rule, TrainingRule):
            parts.append(_("%(hours)s of training") % {"hours": hours_in_words(rule.minutes)})
        elif isinstance(rule, RscRule) and rule.minutes:
            parts.append(_("%(hours)s of reflective supervision") % {"hours": hours_in_words(rule.minutes)})
        elif requirement.kind == RequirementKind.REFERENCE_RATINGS:
            count = int(requirement.params["count"])
            parts.append(ngettext("%(n)d reference rating", "%(n)d reference ratings", count) % {"n": count})
        elif requirement.kind == RequirementKind.EXAM:
            parts.append(_("a written exam"))
    return _list(parts)
