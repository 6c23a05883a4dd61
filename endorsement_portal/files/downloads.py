"""Giving a file out. Call only after the rules were asked: nothing here knows whose file it is."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from endorsement_portal.files import scanning
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.workflow import NotAllowed

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store, private",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def respond(stored_file: StoredFile) -> FileResponse:
    """The file as an attachment under its own name: never shown inside our origin, never kept by a cache.

    Raises NotAllowed while the virus check holds the file back, Http404 when its blob is gone.
    """
    if not may_leave(stored_file):
        raise held_back(stored_file)
    try:
        handle = stored_file.content.open("rb")
    except FileNotFoundError:
        raise Http404("the blob is gone") from None
    response = FileResponse(
        handle, as_attachment=True, filename=stored_file.name, content_type=stored_file.content_type
    )
    response["Content-Length"] = str(stored_file.size)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def may_leave(stored_file: StoredFile) -> bool:
    """Not held back. A file that no scan has seen is scanned now, when a scanner is set up."""
    if stored_file.scan_state == ScanState.NOT_SCANNED and scanning.is_set_up():
        scanning.settle(stored_file)
    return scanning.lets_go(stored_file)


def held_back(stored_file: StoredFile) -> NotAllowed:
    """Why a file does not open, in words for whoever may otherwise open it."""
    if stored_file.scan_state == ScanState.QUARANTINED:
        return NotAllowed.because(
            "virus_check",
            _("The virus check found something in this file, so nobody can open it."),
            fix=_("Its owner removes it and sends another copy."),
        )
    return NotAllowed.because(
        "virus_check",
        _("This file waits for the virus check."),
        fix=_("It opens as soon as it is found clean: try again in a few minutes."),
    )
