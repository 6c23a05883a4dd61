"""A person who is ready to submit, for any category: portfolio, membership, seat, signatures, ratings. Rows only."""

from __future__ import annotations

import datetime
import io

import pikepdf

from applications.enums import ReferenceState, TextKind
from applications.models import Application, LegalText, Rating, Reference, Signature
from competencies.models import Category, Edition, Evidence
from competencies.queries.standards import category_spec
from credentials.enums import EndorsementEventKind
from credentials.models import Endorsement, EndorsementEvent
from endorsement_portal.files.intake import store_generated
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    StandingFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.factories.credentials import EndorsementFactory
from tests.factories.members import MembershipFactory, PersonFactory

NOON = datetime.datetime(2026, 5, 12, 17, 0, tzinfo=datetime.UTC)
ALL_AGES = ["0-36", "37-71"]
ALL_ROLES = [
    "direct_service",
    "dyadic_therapy",
    "rsc_provision",
    "practice_leadership",
    "policy_leadership",
    "teaching_research_leadership",
]


def ready_portfolio(person, *, competencies: list[str] | None = None):
    """More than any category asks for: degree, license, ten years of work, 60 h of training, 60 h of RSC."""
    tags = competencies if competencies is not None else ["TF.attachment_trauma"]
    attach(education=EducationFactory(person=person, competencies=tags), document_type="transcript")
    attach(professional_license=ProfessionalLicenseFactory(person=person), document_type="license")
    WorkFactory(person=person, roles=ALL_ROLES, ages=ALL_AGES, starts_on=datetime.date(2015, 6, 1))
    for number in range(20):
        TrainingFactory(
            person=person, minutes=180, topics=["core"] if number < 12 else ["rsc", "dei"], competencies=tags
        )
    provider = PersonFactory(name="Prudence Harrow")
    StandingFactory(person=provider, code="IMHM-C", starts_on=datetime.date(2018, 1, 1))
    for number in range(30):
        SupervisionFactory(
            person=person,
            provider=provider,
            confirmed=True,
            minutes=120,
            on=datetime.date(2025, 1, 6) + datetime.timedelta(days=7 * number),
            about_own_provision=number % 2 == 0,
            ages=ALL_AGES,
            competencies=tags,
        )
    return provider


def attach(*, document_type: str, **owner) -> Evidence:
    """A one-page PDF on an entry."""
    (entry,) = owner.values()
    pdf = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(pdf)
    stored = store_generated(pdf.getvalue(), name=f"{document_type}.pdf", content_type="application/pdf")
    return Evidence.objects.create(person=entry.person, file=stored, document_type=document_type, **owner)


def granted(endorsement: Endorsement) -> Endorsement:
    """With the event that makes it active."""
    EndorsementEvent.objects.create(
        endorsement=endorsement,
        kind=EndorsementEventKind.GRANTED,
        on=endorsement.granted_on,
        valid_until=endorsement.valid_until,
        at=NOON,
    )
    return endorsement


def sign_everything(application: Application, *, at: datetime.datetime = NOON) -> None:
    for kind in TextKind:
        Signature.objects.create(
            application=application,
            text=LegalText.objects.get(kind=kind, association=None),
            typed_name=application.person.name,
            not_sanctioned=True if kind == TextKind.ETHICS else None,
            signed_at=at,
            signed_by=application.person.user,
        )


def received_reference(application: Application, slot: str, *, rater=None, **values) -> Reference:
    reference = ReferenceFactory(
        application=application,
        slot=slot,
        rater=rater or PersonFactory(),
        state=ReferenceState.RECEIVED,
        asked_at=NOON - datetime.timedelta(days=40),
        ended_at=NOON - datetime.timedelta(days=20),
        **values,
    )
    Rating.objects.create(
        reference=reference,
        recommendation="yes",
        typed_name=reference.rater.name,
        submitted_at=NOON - datetime.timedelta(days=20),
        valid_until=datetime.date(2027, 4, 22),
    )
    return reference


def rate_all(application: Application) -> list[Reference]:
    """One received rating for each slot of the category's rule; the raters are endorsed."""
    spec = category_spec(application.category, application.edition, application.overlay)
    rule = next(rule for rule in spec.requirements if rule.kind == "reference_ratings")
    references = []
    for slot in rule.params["slots"]:
        rater = PersonFactory()
        StandingFactory(person=rater, code="IMHM-C")
        references.append(received_reference(application, min(slot["who"]), rater=rater))
    return references


def ready_application(
    code: str = "IFS", *, association=None, person=None, cohort=None, enrolment=None, **values
) -> Application:
    """A draft on which nothing is missing on 12 May 2026."""
    person = person or PersonFactory(name="Maren Oakhill", with_user=True)
    if enrolment is None:
        cohort = cohort or CohortFactory(**({"association": association} if association else {}))
        enrolment = EnrolmentFactory(cohort=cohort, person=person)
    category = Category.objects.get(code=code)
    ready_portfolio(person)
    MembershipFactory(person=person, association=enrolment.cohort.association)
    if category.is_add_on:
        base = Category.objects.get(code=category.base_any_of[0])
        granted(EndorsementFactory(person=person, category=base, association=enrolment.cohort.association))
    application = ApplicationFactory(
        enrolment=enrolment, category=category, edition=Edition.objects.get(code="iecmh-2025"), **values
    )
    sign_everything(application)
    rate_all(application)
    return application
