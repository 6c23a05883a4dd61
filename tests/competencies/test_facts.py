"""A portfolio read as facts: all of it, in one round trip."""

import datetime

import pytest
from django.core.files.base import ContentFile

from competencies.facts import (
    DocumentFact,
    EducationFact,
    LicenseFact,
    PortfolioFacts,
    ProviderFact,
    StandingFact,
    SupervisionFact,
    TrainingFact,
    WorkFact,
)
from competencies.models import Evidence
from competencies.queries.facts import portfolio_facts
from endorsement_portal.files.models import StoredFile
from members.enums import Provenance
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    StandingFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db


def test_everything_as_it_was_entered(applicant):
    provider = PersonFactory(name="Ines Larkmoor", email="ines@example.org")
    StandingFactory(person=provider, code="ERS-IMH", kind="add_on", starts_on=datetime.date(2024, 1, 1))
    StandingFactory(
        person=provider,
        starts_on=datetime.date(2018, 1, 1),
        ends_on=datetime.date(2023, 12, 31),
        provenance=Provenance.STATED,
    )
    study = EducationFactory(person=applicant, key="e1", competencies=["TF.pregnancy"])
    held = ProfessionalLicenseFactory(person=applicant, key="l1")
    job = WorkFactory(person=applicant, key="w1", competencies=["SYS.delivery"])
    training = TrainingFactory(person=applicant, key="t1", title="Part", topic_minutes={"dei": 60, "core": 30})
    session = SupervisionFactory(person=applicant, key="s1", provider=provider, confirmed=True)
    peers = SupervisionFactory(person=applicant, key="s2", provider=None, accepted=False, group_size=None)
    file = StoredFile.objects.create(
        content=ContentFile(b"%PDF", name="x"), sha256="0" * 64, size=4, content_type="application/pdf", name="a.pdf"
    )
    Evidence.objects.create(person=applicant, file=file, education=study, document_type="transcript")
    Evidence.objects.create(person=applicant, file=file, supervision=session)
    assert portfolio_facts(applicant) == PortfolioFacts(
        education=(
            EducationFact(
                "e1", "master", "Social work", "Prairie State University", datetime.date(2015, 5, 20),
                ("TF.pregnancy",), str(study.uuid),
            ),
        ),
        licenses=(
            LicenseFact("l1", "mental_health", "LCSW", "US-MO", datetime.date(2016, 1, 1), None, str(held.uuid)),
        ),
        work=(
            WorkFact(
                "w1", "Home visitor", datetime.date(2019, 1, 1), None, "Willow Creek Family Services", 40, True, True,
                ("direct_service",), 25, ("0-36",), ("SYS.delivery",), str(job.uuid),
            ),
        ),
        training=(
            TrainingFact(
                "t1", training.on, "Part", 360, "Prairie Rivers Association", ("core",), (("core", 30), ("dei", 60)),
                ("0-36", "37-71"), ("TF.attachment_trauma",), str(training.uuid),
            ),
        ),
        supervision=(
            SupervisionFact(
                "s1", session.on, 60, str(provider.uuid), "group", 6, "distance", False, ("0-36",), (), "confirmed",
                datetime.date(2026, 5, 1), str(session.uuid),
            ),
            SupervisionFact(
                "s2", peers.on, 60, None, "group", None, "distance", False, ("0-36",), (), "logged", None,
                str(peers.uuid), False,
            ),
        ),
        providers=(
            ProviderFact(
                str(provider.uuid),
                "Ines Larkmoor",
                (
                    StandingFact("IMHM-C", "endorsed", datetime.date(2018, 1, 1), datetime.date(2023, 12, 31), False),
                    StandingFact("ERS-IMH", "add_on", datetime.date(2024, 1, 1), None, True),
                ),
                "ines@example.org",
            ),
        ),
        documents=(
            DocumentFact("education", "e1", "transcript", "a.pdf"),
            DocumentFact("supervision", "s1", "", "a.pdf"),
        ),
    )  # fmt: skip


def test_withdrawn_entries_and_those_of_others_are_not_there(applicant, other_applicant, now):
    for factory in (EducationFactory, ProfessionalLicenseFactory, WorkFactory, TrainingFactory, SupervisionFactory):
        factory(person=applicant, withdrawn_at=now)
        factory(person=other_applicant)
    assert portfolio_facts(applicant) == PortfolioFacts()


def test_one_round_trip_for_any_size(applicant, django_assert_num_queries):
    for _ in range(20):
        TrainingFactory(person=applicant)
        StandingFactory(person=SupervisionFactory(person=applicant).provider)
    with django_assert_num_queries(1):
        facts = portfolio_facts(applicant)
    assert (len(facts.training), len(facts.supervision), len(facts.providers)) == (20, 20, 20)
    assert facts.entry_count() == 40


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (datetime.date(2024, 12, 31), False),
        (datetime.date(2025, 1, 1), True),
        (datetime.date(2025, 6, 30), True),
        (datetime.date(2025, 7, 1), False),
    ],
)
def test_a_standing_on_a_day(day, holds):
    bounded = StandingFact("IMHM-C", "endorsed", datetime.date(2025, 1, 1), datetime.date(2025, 6, 30))
    assert bounded.holds_on(day) is holds
    assert StandingFact("IMHM-C", "endorsed", datetime.date(2025, 1, 1)).holds_on(datetime.date(2099, 1, 1))
