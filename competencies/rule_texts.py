"""Pure: the texts of the rules, for translation. They live in the standard; here each stands once, by requirement key.

`gettext` finds the translation by the text itself, so a text that is not listed (an association's own) stays as it is.
"""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

RULE_LABELS: dict[str, tuple[str, ...]] = {
    "education_or_experience.education": (_("A degree or child development certificate"),),
    "education_or_experience.work": (_("Two years of related work, paid or supervised volunteer"),),
    "training": (
        _("Specialized in-service training"),
        _("Training about providing RSC"),
    ),
    "rsc": (
        _("Reflective supervision/consultation recommended"),
        _("Reflective supervision/consultation received"),
        _("Reflective supervision/consultation received after the graduate degree"),
        _("RSC received about the RSC one provides"),
    ),
    "references": (
        _("Three reference ratings"),
        _("Two reference ratings"),
    ),
    "membership": (_("Current individual membership of an association for infant mental health"),),
    "ethics": (_("Code of Ethics signed in the application"),),
    "agreement": (_("Endorsement Agreement signed"),),
    "exam": (
        _("No written exam"),
        _("Two-part written Endorsement exam"),
    ),
    "transcripts": (_("Transcripts or certificates for study that is relied on"),),
    "cv": (_("Curriculum vitae or resume"),),
    "education": (
        _("No degree required"),
        _("A master's degree or higher, or a professional mental health license"),
        _("A master's, doctorate or medical degree suited to the field"),
    ),
    "work": (
        _("Two years of paid prevention or early intervention work"),
        _("Two years of paid, supervised parent-child psychotherapy"),
        _("Three years as a leader in policy or program administration after the graduate degree"),
        _("Three years as a leader in university teaching or published research after the graduate degree"),
    ),
    "work.direct": (_("Two years of paid prevention or early intervention work"),),
    "work.rsc_provided": (
        _("Experience of providing reflective supervision/consultation"),
        _("Three years of providing reflective supervision/consultation after the graduate degree"),
        _("One year of providing RSC to others"),
    ),
    "leadership": (
        _("One year of leadership activity"),
        _("Three years as a practice leader in the field"),
    ),
    "licence_evidence": (_("Evidence of a mental health license or of license eligibility"),),
    "work.clinical": (_("Meets the Mental Health Specialist work rule of the same license"),),
    "base_endorsement": (_("An active Family Specialist or Mental Health Specialist endorsement of the same license"),),
}
"""Requirement key -> its labels over all categories."""
TOPICS: tuple[str, ...] = (
    _("relationship-based infant mental health"),
    _("providing reflective supervision/consultation"),
    _("diversity, equity and inclusion in the field"),
    _("infant mental health"),
    _("providing reflective supervision/consultation, taught"),
    _("relationship-based early childhood mental health"),
    _("early childhood mental health"),
)
REVIEWER_CHECKS: tuple[str, ...] = (
    _("Volunteer work was supervised and preceded by specialized training."),
    _("The main aim of the service is the child's social and emotional needs."),
    _("The service attends to the relationships around the child."),
    _("Received while serving families of the license age range, or supervising staff who do."),
    _("The leadership was local, regional or state."),
    _("Treatment is of the child together with a primary caregiver (birth, foster, kin, adoptive parent or guardian)."),
    _("The applicant is a licensed or license-eligible mental health therapist."),
    _("An internship that is counted was direct dyadic therapy under a supervisor endorsed as MHS or MHM-C."),
    _("The sessions came after the graduate degree, where the degree is what counts."),
    _("Received while treating children of the license age range and their families."),
    _("The degree suits the field."),
    _("The leadership was regional or state."),
)


def translated(text: str) -> str:
    """A text of the standard in the reader's language."""
    return gettext(text) if text else ""
