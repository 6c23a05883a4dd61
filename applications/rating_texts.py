"""Pure: the statements a rater answers, in our own words, one for each competency (decision 16).

The competency guidelines are licensed text and are not quoted. An association that holds a license may load its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RATED_AREAS: tuple[str, ...] = ("WWO", "THK", "REF")
"""Working With Others, Thinking, Reflection: ratings are the main evidence for these."""

STATEMENTS: dict[str, _StrPromise] = {
    "WWO.relationships": _("Builds and keeps relationships in which parents feel safe to speak"),
    "WWO.supporting": _("Encourages families and colleagues, and notices what they do well"),
    "WWO.collaborating": _("Works well in a team and with people from other agencies"),
    "WWO.conflict": _("Stays in the relationship when views differ, and helps find a way through"),
    "WWO.compassion": _("Feels with others and lets that guide what to do"),
    "WWO.crisis": _("Steadies people and acts with care when events overwhelm"),
    "WWO.consulting": _("Lends expertise to people and programs without taking over"),
    "WWO.coaching": _("Guides newer staff or students so that they grow in their own way"),
    "THK.analyzing": _("Gathers what is known and weighs it before acting"),
    "THK.solving": _("Finds workable ways forward together with others"),
    "THK.judgment": _("Decides well when things are uncertain"),
    "THK.perspective": _("Can hold more than one point of view: the child's, the parent's, the agency's"),
    "THK.planning": _("Puts tasks and time in a good order, and is reliable about both"),
    "REF.contemplation": _("Makes time to think about the work, not only to do it"),
    "REF.self_awareness": _("Knows their own history, leanings and limits, and what these bring to the work"),
    "REF.curiosity": _("Wonders before concluding, also when somebody disagrees"),
    "REF.development": _("Looks for learning and feedback, and uses both"),
    "REF.emotional_response": _("Notices their own feelings about the work and learns from them"),
    "REF.parallel_process": _("Sees how what happens in one relationship is echoed in another"),
    "DSS.reflective_supervision": _("Offers reflective supervision/consultation that is regular, safe and thoughtful"),
}

SCALE: tuple[tuple[int, _StrPromise], ...] = (
    (1, _("Rarely")),
    (2, _("Sometimes")),
    (3, _("Often")),
    (4, _("Reliably")),
)
"""Our own scale: no association publishes one. Staff see it marked "to be confirmed"."""
NOT_ENOUGH = _("I can't judge this")


def statement(code: str, fallback: str) -> str:
    """The statement for a competency in the reader's language; the stored text where we have none of our own."""
    return str(STATEMENTS[code]) if code in STATEMENTS else fallback
