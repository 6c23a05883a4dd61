"""Pure: the plain words of findings, in the reader's language. Times as people say them: 18 h 30 min, never 18.5."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies.specs import DAYS_PER_YEAR

_MONTHS = (
    gettext_lazy("January %(day)s, %(year)s"),
    gettext_lazy("February %(day)s, %(year)s"),
    gettext_lazy("March %(day)s, %(year)s"),
    gettext_lazy("April %(day)s, %(year)s"),
    gettext_lazy("May %(day)s, %(year)s"),
    gettext_lazy("June %(day)s, %(year)s"),
    gettext_lazy("July %(day)s, %(year)s"),
    gettext_lazy("August %(day)s, %(year)s"),
    gettext_lazy("September %(day)s, %(year)s"),
    gettext_lazy("October %(day)s, %(year)s"),
    gettext_lazy("November %(day)s, %(year)s"),
    gettext_lazy("December %(day)s, %(year)s"),
)
_FIX = {
    "education": gettext_lazy("Add your degree or certificate to your portfolio."),
    "education_or_license": gettext_lazy(
        "Add your degree, or your current mental health professional license, to your portfolio."
    ),
    "work": gettext_lazy("Add or complete your work experience in your portfolio."),
    "training": gettext_lazy("Log more training, and tag it with its topics."),
    "rsc": gettext_lazy("Log more RSC sessions with a qualified provider, and have them confirmed."),
    "rsc_confirm": gettext_lazy("Ask your providers to confirm the sessions that are waiting."),
    "study_document": gettext_lazy("Attach a transcript or certificate to the study you rely on."),
    "license_document": gettext_lazy("Attach proof to the professional license you rely on."),
    "document": gettext_lazy("Attach the document to an entry of your portfolio."),
}


def fix(name: str) -> str:
    """How to mend it."""
    return str(_FIX[name])


def outside_ages(low: int, high: int) -> str:
    return _("This license is about children of %(low)s to %(high)s months") % {"low": low, "high": high}


def month_patterns() -> list[str]:
    """For who writes a thousand days: the twelve patterns, looked up once."""
    return [str(month) for month in _MONTHS]


def day_in_words(day: datetime.date) -> str:
    return str(_MONTHS[day.month - 1]) % {"day": day.day, "year": day.year}


def hours_in_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest and hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": f"{hours:,}", "minutes": rest}
    if rest:
        return _("%(minutes)s min") % {"minutes": rest}
    return _("%(hours)s h") % {"hours": f"{hours:,}"}


def counted_of(have: int, need: int) -> str:
    """18 h 30 min of 24 h counted."""
    if need == 0:
        return _("%(have)s counted, no minimum") % {"have": hours_in_words(have)}
    return _("%(have)s of %(need)s counted") % {"have": hours_in_words(have), "need": hours_in_words(need)}


def training_part(have: int, need: int, topic: str) -> str:
    return _("%(counted)s on %(topic)s") % {"counted": counted_of(have, need), "topic": topic}


def own_provision_part(have: int, need: int) -> str:
    return _("%(counted)s about the RSC you give") % {"counted": counted_of(have, need)}


def length_in_words(days: int) -> str:
    """A year is 365 days: 729 days are 1 year and 364 days."""
    years, rest = divmod(days, DAYS_PER_YEAR)
    in_years = ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    in_days = ngettext("%(count)s day", "%(count)s days", rest) % {"count": rest}
    if not years:
        return in_days
    return in_years if not rest else _("%(years)s and %(days)s") % {"years": in_years, "days": in_days}


def work_counted(days: int, need: int) -> str:
    return _("%(have)s of %(need)s counted") % {"have": length_in_words(days), "need": length_in_words(need)}


def families_counted(have: int, need: int) -> str:
    return _("%(have)s of %(need)s families") % {"have": have, "need": need}


def waived_while_emerging() -> str:
    return _("not asked while you apply as emerging")


def no_degree() -> str:
    return _("No degree is required")


def nothing_yet() -> str:
    return _("Nothing in your portfolio meets this yet")


def counted_study(names: list[str]) -> str:
    return _("Counted: %(names)s") % {"names": ", ".join(names)}


def other_graduate_check() -> str:
    return _("The other graduate degree is comparable to a master's degree.")


def a_license() -> str:
    return _("Professional license")


def award_missing() -> str:
    return _("The date of the award is missing")


def before(day: datetime.date) -> str:
    return _("Before %(day)s") % {"day": day_in_words(day)}


def group_size(size: int, limit: int) -> str:
    return _("A group of %(size)s; the limit is %(limit)s") % {"size": size, "limit": limit}


def attached(*, where_it_belongs: bool = True) -> str:
    return _("Attached") if where_it_belongs else _("Not attached to what it proves")


def not_attached() -> str:
    return _("Not attached")


def not_asked(when: str) -> str:
    return {
        "study_used": _("Not asked: no study is relied on"),
        "license_used": _("Not asked: no professional license is relied on"),
    }[when]
