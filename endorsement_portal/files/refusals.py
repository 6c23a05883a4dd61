"""Why a file was not taken, in words that say how to mend it. One sentence for each code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refused(ValidationError):
    """The file was not taken and nothing was stored. `code` names the reason."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(MESSAGES[code], code=code, params=params or None)


MESSAGES: dict[str, _StrPromise] = {
    # before a parser is asked
    "empty": _("This file is empty (0 bytes). See on your device whether it was saved, then choose it again."),
    "too_large": _(
        "This file is %(size)s. The limit is %(limit)s. Scan in black and white or at 200 dpi, or split it into parts."
    ),
    "no_name": _("This file has no name. Give it one that ends in .pdf, .jpg or .png."),
    "word": _("This is a Word document. Open it, save it as PDF, and choose the PDF."),
    "sheet": _("This is a spreadsheet. Open it, save it as PDF, and choose the PDF."),
    "slides": _("This is a presentation. Open it, save it as PDF, and choose the PDF."),
    "archive": _("This is an archive of files. Unpack it and add each document by itself."),
    "web_page": _("This is a web page, not a document. Open it, print it to PDF, and choose the PDF."),
    "drawing": _("This is a drawing file. Open it, print it to PDF, and choose the PDF."),
    "program": _("This is a program, not a document. We only take PDF, JPEG, PNG and HEIC."),
    "image": _("We cannot take this picture format. Save the picture as JPEG or PNG, and choose that."),
    "text": _("This is a plain text file. Open it, print it to PDF, and choose the PDF."),
    "unknown": _("We cannot tell what this file is. We take PDF, JPEG, PNG and HEIC."),
    "extension": _(
        "The name ends in “%(extension)s”, but the file is really %(kind)s. "
        "Give it the ending %(right)s and choose it again."
    ),
    # after the limited child looked inside
    "encrypted": _("This PDF is locked (a password or restriction). Open it, print it to a new PDF, and choose that."),
    "scripts": _("This PDF contains a program (JavaScript). Open it, print it to a new PDF, and choose that."),
    "launch": _("This PDF tries to start another program. Open it, print it to a new PDF, and choose that."),
    "dynamic_form": _(
        "This PDF is a form that only Adobe Acrobat can show. Open it there, print it to a new PDF, and choose that."
    ),
    "no_pages": _("This PDF has no pages. Save it again from where it came, and choose the new file."),
    "too_many_pages": _(
        "This PDF has %(pages)s pages. The limit is %(limit)s. Split it, or send only the pages that matter."
    ),
    "damaged": _(
        "This file is damaged or incomplete. Open it on your device, save or print it to a new file, and choose that."
    ),
    "bomb": _(
        "This file unpacks to far more than its size, so we cannot check it safely. "
        "Print it to a new PDF, and choose that."
    ),
    "pixels": _(
        "This picture is %(width)s by %(height)s pixels. The limit is %(limit)s million pixels in all. "
        "Make it smaller, and choose it again."
    ),
    "unsafe": _("This file holds something that we could not remove safely. Print it to a new PDF, and choose that."),
    "too_complex": _("We could not check this file in time. Print it to a new PDF, or take a photo, and choose that."),
    # around it
    "infected": _(
        "The virus scan found something in this file. Nothing was stored. Check your device, then choose another copy."
    ),
    "too_often": _("You have added many files in a short time. Wait a little, then go on."),
    "quota": _(
        "Your files together would be more than %(limit)s. Remove some that you no longer need, or write to us."
    ),
    "kept": _(
        "Your files, with those that you have removed, would be more than %(limit)s. Write to us, and we make room."
    ),
    "not_saved": _("We could not save this file just now. Nothing is lost on your side: try again in a few minutes."),
}  # fmt: skip

KIND_NAMES: dict[str, _StrPromise] = {
    "pdf": _("a PDF"),
    "jpeg": _("a JPEG picture"),
    "png": _("a PNG picture"),
    "heic": _("a HEIC picture"),
}


def too_large(size: int) -> Refused:
    """`size` in bytes. Says the limit and the file's own size."""
    return Refused("too_large", size=filesizeformat(size), limit=filesizeformat(settings.UPLOAD_BYTES_MAX))
