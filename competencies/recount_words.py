"""Pure: what a recount says to the person it is about, and to staff. One sentence for each thing that moved."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies import wording
from competencies.enums import Reason
from competencies.recount import Moved, Recount, RuleChange
from competencies.rule_texts import translated


def sentences(found: Recount, category: str) -> list[str]:
    """What changed in the counted minutes for a category (N40)."""
    lines: list[str] = []
    for change in found.changes:
        lines.extend(_lost(moved, category) for moved in change.lost)
        lines.extend(_gained(moved, category) for moved in change.gained)
        if change.minutes_moved:
            lines.append(counted_now(change))
    return lines


def _lost(moved: Moved, category: str) -> str:
    about = {"what": _what(moved), "category": category, "why": because(moved)}
    return (
        ngettext(
            "%(what)s no longer counts for %(category)s, because %(why)s.",
            "%(what)s no longer count for %(category)s, because %(why)s.",
            moved.count,
        )
        % about
    )


def _gained(moved: Moved, category: str) -> str:
    about = {"what": _what(moved), "category": category}
    return (
        ngettext("%(what)s now counts for %(category)s.", "%(what)s now count for %(category)s.", moved.count) % about
    )


def _what(moved: Moved) -> str:
    """3 sessions (4 h 30 min) with Ines Larkmoor."""
    about = {"count": moved.count, "time": wording.hours_in_words(moved.minutes), "name": moved.provider}
    if moved.provider:
        return (
            ngettext(
                "%(count)s session (%(time)s) with %(name)s", "%(count)s sessions (%(time)s) with %(name)s", moved.count
            )
            % about
        )
    return ngettext("%(count)s entry (%(time)s)", "%(count)s entries (%(time)s)", moved.count) % about


def because(moved: Moved) -> str:
    """A clause: what the standing's date or the rule's figure decided, else the reason in general."""
    if moved.reason == Reason.PROVIDER_NOT_QUALIFIED and moved.detail:
        return moved.detail  # begins with the provider's name
    text = moved.detail or str(Reason(moved.reason).label)
    return text[:1].lower() + text[1:]


def counted_now(change: RuleChange) -> str:
    """Reflective supervision/consultation received: 18 h counted, before 22 h 30 min; 6 h are missing."""
    about = {
        "rule": translated(change.label),
        "now": wording.hours_in_words(change.have_after or 0),
        "before": wording.hours_in_words(change.have_before or 0),
        "short": wording.hours_in_words(change.short_after),
    }
    if change.short_after:
        return _("%(rule)s: %(now)s counted, before it was %(before)s; %(short)s missing.") % about
    return _("%(rule)s: %(now)s counted, before it was %(before)s.") % about


def needed_now(change: RuleChange) -> str:
    """How one requirement's answer differs under other rules: figures where time is measured, else met or not."""
    about = {
        "rule": translated(change.label),
        "have": wording.hours_in_words(change.have_after or 0),
        "need": wording.hours_in_words(change.need_after or 0),
        "was": wording.hours_in_words(change.need_before or 0),
        "short": wording.hours_in_words(change.short_after),
    }
    if change.need_after is None and change.need_before is None:
        if change.met_after == change.met_before:
            return _("%(rule)s: other entries count.") % about
        return (
            _("%(rule)s: met by the new rules.") if change.met_after else _("%(rule)s: not met by the new rules.")
        ) % (about)
    words = [_("%(rule)s: you have %(have)s of %(need)s.") % about]
    if change.need_before is not None and change.need_after is not None and change.need_before != change.need_after:
        words = [_("%(rule)s: %(need)s are asked, before it was %(was)s; you have %(have)s.") % about]
    if change.short_after:
        words.append(_("%(short)s missing.") % about)
    return " ".join(words)
