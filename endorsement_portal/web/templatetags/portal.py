"""Template tags and filters of every page. Built in: no page loads them."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from endorsement_portal.web import addresses, dates, drafts
from endorsement_portal.web.models import FormDraft
from endorsement_portal.web.templatetags import figures, icons

register = template.Library()

DAY = "D, F j, Y"
SHORT_DAY = "M j, Y"
DAYS_SOON = 14


def _in_zone(at: datetime, zone: str | None) -> datetime:
    return dates.zoned(at, zone) if zone else timezone.localtime(at)


def _clock(at: datetime) -> str:
    return f"{_clock_words(at.time().replace(second=0, microsecond=0), get_language())} {at.tzname()}"


@lru_cache(maxsize=2048)
def _clock_words(at: time, language: str | None) -> str:
    return f"{time_format(at, 'g:i')} {time_format(at, 'A').lower()}"


@lru_cache(maxsize=4096)
def _day_words(value: date, pattern: str, language: str | None) -> str:
    """Formatting dates was a sixth of a long page's time; a page shows the same few days again and again."""
    return date_format(value, pattern)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the set, inlined. Decorative unless it has a label."""
    return icons.svg(name, label=label, css=css)


@register.simple_tag
def row_url(name: str, *args: object) -> str:
    """As `url`, for the rows of a list: the last argument is the row's own."""
    return addresses.row_address(name, *args)


@register.filter
def state_icon(kind: str) -> str:
    """The icon that goes with a state: met, waiting, short, danger, progress, idle."""
    return icons.OF_STATE.get(kind, icons.OF_STATE["idle"])


@register.simple_tag
def state(kind: str, text: str, icon: str = "", bare: bool = False) -> SafeString:
    """A word and an icon, color last. What components/state.html draws, for lists that have one in each row."""
    look = f"{kind} state--bare" if bare else kind
    return format_html('<span class="state state--{}">{}{}</span>', look, icons.svg(icon or state_icon(kind)), text)


@register.filter
def hours(minutes: object) -> str:
    """Whole minutes in words: 3 h 30 min. Anything that is no number is shown as nothing."""
    return figures.hours(minutes)


@register.filter
def percent_of(part: object, whole: object) -> str:
    """A share for an SVG attribute: between 0 and 100, with a point whatever the language."""
    return figures.percent(part, whole)


@register.filter
def day(value: date | datetime | None) -> str:
    """Fri, June 26, 2026."""
    return _day_words(_only_day(value), DAY, get_language()) if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Jun 26, 2026: for tables, where no deadline is meant."""
    return _day_words(_only_day(value), SHORT_DAY, get_language()) if value else ""


def _only_day(value: date | datetime) -> date:
    """An instant as it is stored falls on a day of the reader's clocks; one put on a zone's clocks stays on those."""
    if not isinstance(value, datetime):
        return value
    return (timezone.localtime(value) if value.tzinfo is UTC else value).date()


@register.simple_tag
def when(at: datetime | None, zone: str | None = None) -> SafeString:
    """Fri, June 26, 2026, 5:00 pm CDT, as a time element."""
    if at is None:
        return SafeString("")
    local = _in_zone(at, zone)
    words = f"{_day_words(local.date(), DAY, get_language())}, {_clock(local)}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


def time_left(at: datetime, now: datetime, zone: str | None = None) -> tuple[str, str]:
    """How far off a deadline is in words, and its tone: "", soon or late. Days are calendar days of its zone."""
    days = (_in_zone(at, zone).date() - _in_zone(now, zone).date()).days
    if now > at:
        words = ngettext("closed %(n)d day ago", "closed %(n)d days ago", -days) % {"n": -days} if days else _("closed")
        return words, "late"
    if days == 0:
        return _("closes today"), "soon"
    words = ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return words, "soon" if days <= DAYS_SOON else ""


@register.inclusion_tag("components/deadline.html", takes_context=True)
def deadline(
    context: template.Context, at: datetime, zone: str | None = None, now: datetime | None = None
) -> dict[str, object]:
    """A deadline with weekday, date, time, zone and days left."""
    words, tone = time_left(at, now or context.get("now") or timezone.now(), zone)
    return {"at": at, "zone": zone, "left": words, "tone": tone}


@register.simple_tag(takes_context=True)
def due(context: template.Context, on: date | None, zone: str | None = None, now: datetime | None = None) -> SafeString:
    """Fri, June 26, 2026, 3 days left: a day whose end, in its zone, is still in time."""
    if on is None:
        return SafeString("")
    days = (on - _in_zone(now or context.get("now") or timezone.now(), zone).date()).days
    if days == 0:
        words = _("today")
    elif days > 0:
        words = ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    else:
        words = ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
    return format_html('<time datetime="{}">{}</time>, {}', on.isoformat(), date_format(on, DAY), words)


@register.filter
def initials(name: object) -> str:
    return figures.initials(str(name or ""))


@register.filter
def tone(identity: object) -> str:
    """The tone of a person's disc, by a hash of the id: "", b, c, d or e."""
    return figures.tone(str(identity or ""))


@register.filter
def quarter_offset(season: str) -> str:
    """Where the lit quarter of the year begins, as a dash offset."""
    return figures.QUARTER_OFFSETS.get(str(season), "74")


@register.filter
def focus_id(field: Any) -> str:
    """The id that a link in the error summary leads to: the control, or the first of a group of choices."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def fields_with_errors(form: Any) -> list[Any]:
    """The visible fields with messages, in the order of the page."""
    return [field for field in form if field.errors and not field.is_hidden]


@register.filter
def choice_hint(field: Any, value: object) -> str:
    """The hint of one choice, when the form field carries `hints` (value -> text)."""
    return str(getattr(field.field, "hints", {}).get(str(value), ""))


@register.simple_tag(takes_context=True)
def autosave(context: template.Context, form_key: str, draft: FormDraft | None = None) -> SafeString:
    """Attributes for a <form>: what is typed is kept under this key. Read by static/js/autosave.js."""
    request = context.get("request")
    user = getattr(request, "user", None)
    seen = drafts.seen_version(request.POST, form_key) if request is not None else 0
    return format_html_join(" ", '{}="{}"', drafts.autosave_attributes(form_key, draft, user, seen).items())


@register.filter
def nth(items: Any, index: int) -> Any:
    """The item at this place, or nothing."""
    try:
        return items[index]
    except (IndexError, KeyError, TypeError):
        return ""


@register.filter
def finding_icon(finding: Any) -> str:
    """Met, in the way, or only a warning."""
    if finding.met:
        return icons.OF_STATE["met"]
    return icons.OF_STATE["short"] if finding.required and finding.blocking else "info-circle"


@register.inclusion_tag("components/rail_link.html", takes_context=True)
def rail_link(context: template.Context, address: str, icon: str, text: str) -> dict[str, object]:
    """One place of the staff rail, by the name of its address; left out where no such address exists."""
    place = address.rpartition(":")[2]
    association = context.get("association")
    try:
        href = reverse(address, args=[association.slug] if association else [])
    except NoReverseMatch:
        href = ""
    waiting = context.get("waiting") or {}
    current = context.get("nav") == place
    return {"href": href, "icon": icon, "text": text, "current": current, "waiting": waiting.get(place)}


@register.filter
def is_same(one: object, other: object) -> bool:
    """Whether two values read the same: for marking what was chosen."""
    return str(one) == str(other)
