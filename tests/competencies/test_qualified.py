"""The words of a session that does not count name the standing's date (V5), for each way to be unqualified."""

import datetime

import pytest

from competencies.assessment import assess
from competencies.facts import PortfolioFacts, ProviderFact, StandingFact
from competencies.specs import AssessmentSettings
from tests.competencies.standard import AS_OF, of, session, specs

DAY = datetime.date
SESSION = DAY(2025, 7, 2)
ON = "; the session was on July 2, 2025"


def told(*standings: StandingFact, settings: AssessmentSettings = AssessmentSettings(), code: str = "IFS"):  # noqa: B008
    facts = PortfolioFacts(
        supervision=(session(on=SESSION),), providers=(ProviderFact("p1", "Ines Larkmoor", standings),)
    )
    finding = of(assess(specs()[code], facts, as_of=AS_OF, settings=settings), "rsc")
    return [(entry.reason, entry.detail, entry.cause) for entry in finding.uncounted]


NOT_QUALIFIED = "provider_not_qualified_on_date"


@pytest.mark.parametrize(
    ("standings", "cause"),
    [
        ((), "Ines Larkmoor has no standing recorded"),
        (
            (StandingFact("IMHM-C", "endorsed", DAY(2020, 1, 1), DAY(2025, 6, 30)),),
            "Ines Larkmoor's standing as IMHM-C ended on June 30, 2025",
        ),
        (
            (
                StandingFact("IMHM-C", "endorsed", DAY(2019, 1, 1), DAY(2020, 6, 30)),
                StandingFact("ERS-IMH", "add_on", DAY(2021, 1, 1), DAY(2024, 12, 31)),
                StandingFact("IMHM-C", "endorsed", DAY(2026, 1, 1)),
            ),
            "Ines Larkmoor's standing as ERS-IMH ended on December 31, 2024",
        ),
        (
            (StandingFact("IMHM-C", "endorsed", DAY(2025, 7, 3)), StandingFact("ERS-IMH", "add_on", DAY(2026, 1, 1))),
            "Ines Larkmoor's standing as IMHM-C begins on July 3, 2025",
        ),
        (
            (StandingFact("IFS", "vetted", DAY(2025, 1, 1)),),
            "Ines Larkmoor is a vetted provider, and no period for vetted providers is open here",
        ),
        (
            (StandingFact("IMHS", "endorsed", DAY(2020, 1, 1)), StandingFact("IFS", "endorsed", DAY(2020, 1, 1))),
            "Ines Larkmoor is known as IFS, IMHS, and this requirement asks for ECMHM-C, ERS-ECMH, ERS-IMH, IMHM-C",
        ),
        (
            (StandingFact("IMHM-C", "endorsed", DAY(2020, 1, 1), DAY(2024, 1, 1), trusted=False),),
            "Ines Larkmoor has no standing recorded",
        ),
    ],
)
def test_what_decided_is_named_with_its_date(standings, cause):
    assert told(*standings) == [(NOT_QUALIFIED, f"{cause}{ON}", cause)]


def test_vetted_providers_count_until_the_association_s_day():
    standing = StandingFact("IFS", "vetted", DAY(2025, 1, 1))
    assert told(standing, settings=AssessmentSettings(vetted_until=DAY(2025, 7, 2))) == []
    cause = "Ines Larkmoor's standing as IFS ended on July 1, 2025"
    assert told(standing, settings=AssessmentSettings(vetted_until=DAY(2025, 7, 1))) == [
        (NOT_QUALIFIED, f"{cause}{ON}", cause)
    ]


def test_a_stated_standing_waits_for_a_coordinator():
    stated = StandingFact("IMHM-C", "endorsed", DAY(2020, 1, 1), trusted=False)
    words = "The standing of Ines Larkmoor on July 2, 2025 is not confirmed by a coordinator yet"
    assert told(stated) == [("not_accepted_yet", words, "")]


def test_two_standings_of_one_provider_with_an_end_between_two_sessions():
    """The first session counts, the second does not, and the message names the date."""
    provider = ProviderFact(
        "p1", "Ines Larkmoor",
        (
            StandingFact("IMHM-C", "endorsed", DAY(2020, 1, 1), DAY(2025, 3, 31)),
            StandingFact("IFS", "endorsed", DAY(2025, 4, 1)),
        ),
    )  # fmt: skip
    facts = PortfolioFacts(
        supervision=(session("s1", on=DAY(2025, 3, 31)), session("s2", on=DAY(2025, 4, 1))), providers=(provider,)
    )
    finding = of(assess(specs()["IFS"], facts, as_of=AS_OF), "rsc")
    assert [entry.entry for entry in finding.counted] == ["s1"]
    assert [(entry.entry, entry.reason, entry.detail) for entry in finding.uncounted] == [
        ("s2", NOT_QUALIFIED,
         "Ines Larkmoor's standing as IMHM-C ended on March 31, 2025; the session was on April 1, 2025")
    ]  # fmt: skip


def test_ages_that_do_not_fit_name_the_ages_of_the_license():
    facts = PortfolioFacts(
        supervision=(session(ages=("37-71",)),),
        providers=(ProviderFact("p1", "I", (StandingFact("IMHM-C", "endorsed", DAY(2020, 1, 1)),)),),
    )
    finding = of(assess(specs()["IFS"], facts, as_of=AS_OF), "rsc")
    assert [(entry.reason, entry.detail) for entry in finding.uncounted] == [
        ("outside_age_range", "This license is about children of 0 to 36 months")
    ]
