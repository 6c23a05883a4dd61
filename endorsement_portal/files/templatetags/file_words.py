"""A stored file in words: what kind it is, and what the virus check says of it."""

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from endorsement_portal.files import scanning
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.web.templatetags.portal import day

register = template.Library()


@register.filter
def file_kind(content_type: str) -> str:
    """PDF, JPEG, PNG."""
    return content_type.rpartition("/")[2].upper()


@register.filter
def about_file(stored: StoredFile) -> str:
    """3 pages, 1.2 MB, added Fri, June 26, 2026. Checked for viruses."""
    about = {"size": filesizeformat(stored.size), "day": day(stored.created_at), "scan": scan_words(stored)}
    if not stored.pages:
        return _("%(size)s, added %(day)s. %(scan)s") % about
    pages = ngettext("%(n)d page", "%(n)d pages", stored.pages) % {"n": stored.pages}
    return _("%(pages)s, %(size)s, added %(day)s. %(scan)s") % {"pages": pages, **about}


@register.filter
def may_open(stored: StoredFile) -> bool:
    """Whether a link to it would be answered."""
    return scanning.lets_go(stored)


@register.filter
def scan_words(stored: StoredFile) -> str:
    """What the virus check says of it, and what to do when it says no."""
    if stored.scan_state == ScanState.CLEAN:
        return _("Checked for viruses.")
    if stored.scan_state == ScanState.QUARANTINED:
        return _("The virus check holds it back. Remove it, check your device, and choose another copy.")
    if scanning.is_set_up():
        return _("Waits for the virus check. It opens as soon as it is found clean.")
    return _("Not checked for viruses.")
