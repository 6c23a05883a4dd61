"""assess: the report in words and as JSON, exactly as the interface says."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command

from competencies.models import Edition, Overlay
from competencies.standards_files import digest
from members.models import Association
from tests.factories.competencies import EducationFactory, StandingFactory, SupervisionFactory, TrainingFactory
from tests.factories.members import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db
FINDING_KEYS = [
    "requirement", "kind", "stage", "required", "group", "met", "have_minutes", "logged_minutes", "need_minutes",
    "short_minutes", "parts", "message", "uncounted",
]  # fmt: skip


def assessed(capsys, *args: str) -> dict:
    capsys.readouterr()
    call_command("assess", *args, "--json")
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def example(applicant):
    """The portfolio behind the example of the interface."""
    provider = PersonFactory(email="ines@example.org")
    StandingFactory(person=provider, starts_on=datetime.date(2025, 1, 1))
    given = {"person": applicant, "provider": provider, "on": datetime.date(2025, 6, 1)}
    signed = {"attested_on": datetime.date(2025, 12, 1), "state": "confirmed"}
    SupervisionFactory(key="s1", minutes=1110, **given, **signed)
    SupervisionFactory(key="s7", minutes=120, **{**given, "on": datetime.date(2024, 12, 31)}, **signed)
    SupervisionFactory(key="s8", minutes=90, **{**given, "provider": None, "on": datetime.date(2025, 7, 1)}, **signed)
    SupervisionFactory(key="s9", minutes=180, **{**given, "on": datetime.date(2025, 8, 1)})
    SupervisionFactory(key="later", minutes=60, **{**given, "on": datetime.date(2026, 1, 16)}, **signed)
    return applicant


def test_the_example_of_the_interface(example, capsys):
    report = assessed(capsys, example.email, "IFS", "--as-of", "2026-01-15")
    assert {key: value for key, value in report.items() if key != "findings"} == {
        "category": "IFS",
        "edition": "iecmh-2025",
        "overlay": None,
        "as_of": "2026-01-15",
        "met": False,
        "portfolio_met": False,
    }
    finding = next(row for row in report["findings"] if row["requirement"] == "rsc")
    assert finding == {
        "requirement": "rsc", "kind": "rsc_hours", "stage": "submission", "required": True, "group": None, "met": False,
        "have_minutes": 1110, "logged_minutes": 1500, "need_minutes": 1440, "short_minutes": 330, "parts": [],
        "message": "18 h 30 min of 24 h counted",
        "uncounted": [
            {"entry": "s7", "minutes": 120, "reason": "provider_not_qualified_on_date"},
            {"entry": "s8", "minutes": 90, "reason": "no_named_provider"},
            {"entry": "s9", "minutes": 180, "reason": "awaiting_confirmation"},
        ],
    }  # fmt: skip
    assert [list(row) for row in report["findings"]] == [FINDING_KEYS] * 11


def test_rules_that_need_an_application_say_so(applicant, capsys):
    findings = {row["requirement"]: row for row in assessed(capsys, applicant.email, "imhm-rf")["findings"]}
    for key in ("references", "ethics", "agreement", "exam"):
        assert (findings[key]["met"], findings[key]["message"]) == (False, "No application yet")
    assert findings["exam"]["stage"] == "award"


def test_membership_reads_confirmed_memberships(applicant, association, capsys):
    year = {"starts_on": datetime.date(2025, 1, 1), "ends_on": datetime.date(2025, 12, 31)}
    MembershipFactory(person=applicant, association=association, **year)
    for day, met in (("2025-12-31", True), ("2026-01-01", False)):
        findings = assessed(capsys, applicant.email, "IFS", "--as-of", day)["findings"]
        assert next(row for row in findings if row["requirement"] == "membership")["met"] is met


def test_the_portfolio_alone_may_be_met(applicant, capsys):
    EducationFactory(person=applicant)
    TrainingFactory(person=applicant, minutes=1800, on=datetime.date(2025, 1, 1))
    report = assessed(capsys, applicant.email, "IFA", "--as-of", "2026-01-15")
    assert (report["met"], report["portfolio_met"]) == (False, True)


def test_an_associations_settings(example, association, capsys):
    edition = Edition.objects.get()
    Overlay.objects.create(
        association=association, edition=edition, version=2, sha256=digest("x"), published_at=edition.published_at,
        data={"max_group_size": 5, "rsc_confirmation_required": False},
    )  # fmt: skip
    plain = assessed(capsys, example.email, "IFS", "--as-of", "2026-01-15")
    laid = assessed(capsys, example.email, "IFS", "--as-of", "2026-01-15", "--association", "xx-pr")
    assert (plain["overlay"], laid["overlay"]) == (None, "XX-PR/2")
    rsc = next(row for row in laid["findings"] if row["requirement"] == "rsc")
    assert {row["reason"] for row in rsc["uncounted"]} == {
        "provider_not_qualified_on_date", "no_named_provider", "group_too_large",
    }  # fmt: skip
    assert assessed(capsys, example.email, "IFS", "--association", "US-MO")["overlay"] is None


def test_today_is_the_default(applicant, capsys):
    assert assessed(capsys, applicant.email, "IFS")["as_of"] >= "2026-01-01"


def test_in_words(example, capsys):
    call_command("assess", example.email, "ifs", "--as-of", "2026-01-15")
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "Infant Family Specialist (IFS), as of 2026-01-15",
        "Edition iecmh-2025",
        "Met: no. Portfolio alone: no.",
    ]
    assert "[short] rsc: 18 h 30 min of 24 h counted" in lines
    assert "      s8: 90 min not counted, no_named_provider" in lines
    assert "[met]   education: No degree is required" in lines
    assert "[      ] cv: Not attached" in lines


def test_in_words_with_parts_and_alternatives(applicant, association, capsys):
    edition = Edition.objects.get()
    Overlay.objects.create(
        association=association, edition=edition, version=1, sha256=digest("y"), published_at=edition.published_at
    )
    call_command("assess", applicant.email, "IMHM-C", "--association", "XX-PR")
    out = capsys.readouterr().out
    assert "Edition iecmh-2025, settings of XX-PR/1" in out
    assert "      part dei: 0 of 180 min" in out
    call_command("assess", applicant.email, "IFA")
    assert "[or]    education_or_experience.work: 0 days of 2 years counted" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nobody@example.org", "IFS"], "No member has the address nobody@example.org."),
        (["maren@example.org", "NOPE"], "There is no category NOPE."),
        (["maren@example.org", "IFS", "--as-of", "15.1.2026"], "15.1.2026 is no date. Write it as 2026-01-15."),
        (["maren@example.org", "IFS", "--association", "US-ZZ"], "There is no association US-ZZ."),
    ],
)
def test_faults_are_one_line(applicant, args, message):
    with pytest.raises(CommandError) as caught:
        call_command("assess", *args)
    assert str(caught.value) == message


def test_without_standards(applicant):
    Edition.objects.all().delete()
    with pytest.raises(CommandError, match=r"^No standards are published\. Run load_standards first\.$"):
        call_command("assess", applicant.email, "IFS")
    assert Association.objects.exists()
