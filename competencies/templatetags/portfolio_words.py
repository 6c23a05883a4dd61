"""Entries of the portfolio in words."""

from functools import lru_cache

from django import template
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from competencies.durations import USUAL_MINUTES, typed_form
from competencies.enums import Ages, EducationLevel, EntryKind, SessionFormat, SessionMode, SessionState, TrainingTopic
from competencies.models import CourseVersion, Education, ProfessionalLicense, Supervision, Training
from competencies.models.portfolio import AnyEntry
from competencies.queries.providers import OwnProvider
from competencies.standing_words import StandingSummary
from endorsement_portal.web.dates import zoned
from endorsement_portal.web.templatetags.figures import hours
from endorsement_portal.web.templatetags.portal import day

register = template.Library()

PLURALS = {
    EntryKind.EDUCATION: gettext_lazy("Education"),
    EntryKind.LICENSE: gettext_lazy("Professional licenses"),
    EntryKind.WORK: gettext_lazy("Work"),
    EntryKind.TRAINING: gettext_lazy("Trainings"),
    EntryKind.SUPERVISION: gettext_lazy("Reflective supervision"),
}
SHORT_TOPICS = {
    TrainingTopic.CORE: gettext_lazy("Relationship-based work"),
    TrainingTopic.RSC: gettext_lazy("Giving RSC"),
    TrainingTopic.DEI: gettext_lazy("Diversity, equity and inclusion"),
}
SHORT_AGES = {Ages.INFANT: gettext_lazy("Birth to 3"), Ages.EARLY_CHILDHOOD: gettext_lazy("3 to 6")}


@register.filter
def plural(kind: EntryKind) -> str:
    return str(PLURALS[EntryKind(kind)])


@register.filter("title_of")
def entry_title(entry: AnyEntry) -> str:
    """The heading of an entry's own page."""
    if isinstance(entry, Supervision):
        return _("Session on %(day)s") % {"day": day(entry.on)}
    if isinstance(entry, Education):
        return str(entry.get_level_display())
    return entry.name if isinstance(entry, ProfessionalLicense) else entry.title


@register.filter
def topics_in_words(training: Training | CourseVersion) -> str:
    """Whole topics, then the partial ones with their lengths."""
    whole = [str(words) for topic, words in SHORT_TOPICS.items() if topic in training.topics]
    parts = [
        f"{words} ({typed_form(training.topic_minutes[topic])})"
        for topic, words in SHORT_TOPICS.items()
        if topic in training.topic_minutes
    ]
    return ", ".join(whole + parts)


@register.filter
def ages_in_words(entry: Training | Supervision | CourseVersion) -> str:
    return ", ".join(str(words) for age, words in SHORT_AGES.items() if age in entry.ages) or _("All ages")


@register.filter
def session_in_words(session: Supervision) -> str:
    """Group of 5, in person."""
    return _session_words(session.format, session.group_size, session.mode, get_language())


@lru_cache(maxsize=512)
def _session_words(form: str, group_size: int | None, mode: str, language: str | None) -> str:
    if form == SessionFormat.GROUP and group_size:
        words = _("Group of %(n)d") % {"n": group_size}
    else:
        words = str(SessionFormat(form).label)
    return f"{words}, {str(SessionMode(mode).label).lower()}"


@register.filter
def waiting_in_words(provider: OwnProvider, zone: str) -> str:
    """2 sessions (3 h) wait for a confirmation. Asked on Fri, June 26, 2026."""
    number = provider.open_sessions
    words = ngettext(
        "%(n)s session (%(time)s) waits for a confirmation.",
        "%(n)s sessions (%(time)s) wait for a confirmation.",
        number,
    ) % {"n": number, "time": hours(provider.open_minutes)}
    if provider.asked_at is None:
        return words
    return f"{words} {_('Asked on %(day)s.') % {'day': day(zoned(provider.asked_at, zone))}}"


@register.filter
def standing_in_words(summary: StandingSummary) -> str:
    about = {"on": day(summary.on), "until": day(summary.until), "codes": ", ".join(summary.codes)}
    if summary.state == "current" and summary.until is not None:
        return _("Qualified (%(codes)s) until %(until)s") % about
    sentences = {
        "current": _("Qualified (%(codes)s) since %(on)s"),
        "ended": _("Was qualified (%(codes)s) until %(on)s"),
        "upcoming": _("Qualified (%(codes)s) from %(on)s on"),
    }
    return sentences.get(summary.state, _("No standing recorded yet. Your coordinator can record it.")) % about


@register.filter
def named(names: dict[str, str], code: str) -> str:
    """A competency by its name; an unknown code stands for itself."""
    return names.get(code, code)


@register.simple_tag
def usual_lengths() -> list[str]:
    """What a session or a short training mostly takes, as it is typed."""
    return [typed_form(minutes) for minutes in USUAL_MINUTES]


@register.filter
def level_words(level: str) -> str:
    return str(EducationLevel(level).label)


@register.filter
def session_state_words(state: str) -> str:
    return str(SessionState(state).label)
