"""Pure: one evaluator for each kind of requirement that needs facts from this floor: references, membership, ethics,
agreement, exam and the base of an add-on. The other kinds are judged by competencies.assessment.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.enums import TextKind
from applications.facts import ApplicationFacts, JourneyFacts, SignatureFacts
from applications.ratings_counted import Matched, SlotRule, match, rule_of, slot_names
from competencies.enums import RequirementKind
from competencies.specs import RequirementSpec
from competencies.wording import day_in_words
from endorsement_portal.workflow import Finding
from members.standing import MembershipFact, covered_until, waits_for_confirmation

Evaluator = Callable[[RequirementSpec, ApplicationFacts], Finding]


def answer(spec: RequirementSpec, met: bool, message: str, *, fix: str = "", where: str = "") -> Finding:
    return Finding(
        requirement=spec.key,
        kind=spec.kind,
        label=spec.label,
        stage=spec.stage,
        group=spec.group or None,
        required=spec.required,
        met=met,
        message=message,
        fix="" if met else fix,
        where=where,
    )


def no_application(spec: RequirementSpec) -> Finding:
    """A rule that needs an application is unmet without one (decision 3)."""
    return answer(
        spec,
        False,
        _("No application yet"),
        fix=_("Take a seat in a cohort and start an application."),
        where="cohorts",
    )


# --- References -----------------------------------------------------------------------------------


def matched(spec: RequirementSpec, facts: ApplicationFacts, application: JourneyFacts) -> Matched:
    """The ratings that count, and the slots that they fill."""
    return match(application.references, rule_of(spec.params), **days(facts, application))


def days(facts: ApplicationFacts, application: JourneyFacts) -> dict[str, datetime.date]:
    """Raters have to be in standing today, and ratings in date until the review ends."""
    return {"day": facts.as_of, "valid_on": max(facts.as_of, application.cohort.review_ends_on)}


def references(spec: RequirementSpec, facts: ApplicationFacts) -> Finding:
    application = facts.application
    if application is None:
        return no_application(spec)
    rule = rule_of(spec.params)
    found = matched(spec, facts, application)
    have = len(found.counted)
    message = _("%(have)s of %(need)s ratings received") % {"have": min(have, rule.count), "need": rule.count}
    if have < rule.count:
        unusable = len(found.not_counted)
        fix = ngettext("Ask one more person.", "Ask %(count)s more people.", rule.count - have) % {
            "count": rule.count - have
        }
        if unusable:
            fix = _("A rating that arrived cannot be counted for this application. Ask another person.")
        elif any(reference.asked_on and not reference.ended_on for reference in application.references):
            fix = _("See who has been asked, and send a reminder or ask somebody else.")
        return answer(spec, False, message, fix=fix, where="references")
    if found.open_slots:
        return answer(spec, False, message, fix=slot_wanted(found.open_slots[0]), where="references")
    if found.from_endorsed < rule.min_from_endorsed:
        fix = _("At least one rater has to be endorsed. Ask a person who is, or write to your coordinator.")
        return answer(spec, False, message, fix=fix, where="references")
    return answer(spec, True, message, where="references")


def slot_wanted(slot: SlotRule) -> str:
    """What mends an open slot. A slot for the endorsed is open for that reason more often than for the role."""
    if slot.endorsed_only and slot.vetted_ok:
        return _("One rater has to be endorsed, or vetted by a coordinator. Write to your coordinator whom to take.")
    if slot.endorsed_only:
        return _("One rater has to be endorsed. Ask a person who is, or write to your coordinator.")
    return _("Still missing: a rating from one of these: %(who)s.") % {"who": slot_names(slot)}


# --- Membership -----------------------------------------------------------------------------------


def membership(spec: RequirementSpec, facts: ApplicationFacts) -> Finding:
    """Confirmed individual membership on the day; the same question at creation and at submission (decision 9)."""
    until = covered_until(facts.memberships, facts.as_of)
    if until is not None:
        return answer(spec, True, _("Current, until %(day)s") % {"day": day_in_words(until)}, where="membership")
    message, fix = membership_wanted(facts.memberships, facts.as_of)
    return answer(spec, False, message, fix=fix, where="membership")


def membership_wanted(memberships: Iterable[MembershipFact], day: datetime.date) -> tuple[str, str]:
    """Why no membership counts on this day, and what mends it: somebody who waits is not asked to add it again."""
    if waits_for_confirmation(memberships, day):
        return (
            _("Your membership waits for a coordinator to confirm it"),
            _("Nothing for you to do: we write to you as soon as it is confirmed."),
        )
    return (
        _("No confirmed individual membership on this day"),
        _("Add your membership and its proof; a coordinator confirms it."),
    )


# --- Signatures, exam, base -----------------------------------------------------------------------


def signature_of(application: JourneyFacts, kind: TextKind) -> SignatureFacts | None:
    """The newest signature under a text of this kind."""
    return next((signed for signed in reversed(application.signatures) if signed.kind == kind), None)


def signed(spec: RequirementSpec, facts: ApplicationFacts, kind: TextKind) -> Finding:
    if facts.application is None:
        return no_application(spec)
    signature = signature_of(facts.application, kind)
    where = f"sign:{kind.value}"
    if signature is None:
        return answer(spec, False, _("Not signed yet"), fix=_("Read it and sign with your name."), where=where)
    if not signature.current:
        return answer(
            spec,
            False,
            _("The text has changed since you signed it"),
            fix=_("Read the new text and sign it."),
            where=where,
        )
    return answer(spec, True, _("Signed on %(day)s") % {"day": day_in_words(signature.signed_on)}, where=where)


def ethics(spec: RequirementSpec, facts: ApplicationFacts) -> Finding:
    """With the attestation that no licensing board has sanctioned the person, where the rule asks for it."""
    finding = signed(spec, facts, TextKind.ETHICS)
    if not finding.met or not spec.params.get("attestation") or facts.application is None:
        return finding
    signature = signature_of(facts.application, TextKind.ETHICS)
    if signature is not None and signature.not_sanctioned:
        return finding
    return answer(
        spec,
        False,
        _("The statement about professional licensing boards is missing"),
        fix=_("Sign again with the statement, or write to your coordinator."),
        where=f"sign:{TextKind.ETHICS.value}",
    )


def agreement(spec: RequirementSpec, facts: ApplicationFacts) -> Finding:
    return signed(spec, facts, TextKind.AGREEMENT)


def exam_parts(spec: RequirementSpec) -> tuple[int, ...]:
    return tuple(part["part"] for part in spec.params.get("parts") or ())


def exam(spec: RequirementSpec, facts: ApplicationFacts) -> Finding:
    """Each part passed once. Without parts there is nothing to sit."""
    parts = exam_parts(spec)
    if not parts:
        return answer(spec, True, _("No exam for this category"))
    if facts.application is None:
        return no_application(spec)
    passed = {result.part for result in facts.application.exams if result.passed}
    missing = [part for part in parts if part not in passed]
    if not missing:
        return answer(spec, True, _("Passed"))
    return answer(
        spec,
        False,
        _("%(have)s of %(need)s parts passed") % {"have": len(parts) - len(missing), "need": len(parts)},
        fix=_("After the review you are approved to sit the exam; your coordinator records the result."),
        where="hub",
    )


def endorsement(spec: RequirementSpec, facts: ApplicationFacts) -> Finding:
    """An add-on rests on one of these endorsements, active on the day."""
    accepted = tuple(spec.params.get("any_of") or facts.category.base_any_of)
    base = next((code for code in accepted if code in facts.held), None)
    if base:
        return answer(spec, True, _("You hold %(code)s") % {"code": base}, where="endorsements")
    return answer(
        spec,
        False,
        _("You hold none of these endorsements today: %(codes)s") % {"codes": ", ".join(accepted)},
        fix=_("Apply for one of them first."),
        where="endorsements",
    )


EVALUATORS: dict[RequirementKind, Evaluator] = {
    RequirementKind.REFERENCE_RATINGS: references,
    RequirementKind.MEMBERSHIP: membership,
    RequirementKind.ETHICS: ethics,
    RequirementKind.AGREEMENT: agreement,
    RequirementKind.EXAM: exam,
    RequirementKind.ENDORSEMENT: endorsement,
}
"""The kinds that need facts from this floor. competencies.assessment.EVALUATORS has the rest; no kind is in both."""
