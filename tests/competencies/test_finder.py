"""The finder's table: total over all answers, one reason at least, and every change really changes something."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies import finder
from competencies.enums import LicenseCode
from competencies.finder import Ages, Answers, Degree, License, Role, Supervision, Work, Years

ALL = [Answers(*values) for values in product(*finder.QUESTIONS.values())]
any_answers = st.builds(
    Answers, *(st.sampled_from(list(choices)) for choices in finder.QUESTIONS.values())
)  # fmt: skip
HOME_VISITOR = Answers(
    ages=Ages.INFANT,
    work=Work.PREVENTION,
    years=Years.THREE_OR_MORE,
    degree=Degree.UNDERGRADUATE,
    license=License.NO,
    supervision=Supervision.RECEIVED,
)


def best(**answers):
    return finder.best_fit(replace(HOME_VISITOR, **answers)).role


def test_six_questions_at_most():
    assert list(finder.QUESTIONS) == list(Answers.__slots__)
    assert len(finder.QUESTIONS) == 6


def test_the_table_is_total():
    for answers in ALL:
        found = finder.result(answers)
        assert len(found.licenses) == (2 if answers.ages is Ages.BOTH else 1)
        for license_result in found.licenses:
            assert license_result.deciding
            assert license_result.changes
            assert license_result.runner_up.role is not license_result.best.role


def test_every_role_can_be_the_best_fit():
    assert {finder.best_fit(answers).role for answers in ALL} == set(Role)


def test_each_change_leads_where_it_says():
    for answers in ALL:
        here = finder.best_fit(answers)
        for change in finder.changes(answers):
            other = replace(
                answers, **{question: finder.QUESTIONS[question](value) for question, value in change.answers}
            )
            there = finder.best_fit(other)
            assert (there.role, there.complete) == (change.role, change.complete)
            assert (there.role, there.complete) != (here.role, here.complete)
            assert 1 <= len(change.answers) <= 2


@given(any_answers)
def test_a_complete_fit_has_reasons_and_nothing_open(answers):
    fit = finder.best_fit(answers)
    assert fit.complete == (fit.missing == ())
    assert bool(fit.reasons) or not fit.complete
    for condition in fit.missing:
        assert condition.met_by(answers) == ()
    for question in fit.reasons:
        assert any(question in condition.met_by(answers) for condition in finder.TABLE[fit.role])


@given(any_answers)
def test_ages_choose_the_license_and_nothing_else(answers):
    outcomes = {finder.best_fit(replace(answers, ages=ages)) for ages in Ages}
    assert len(outcomes) == 1


@given(any_answers)
def test_more_time_or_study_never_lowers_the_best_fit(answers):
    order = list(Role)
    more = replace(answers, years=Years.THREE_OR_MORE, degree=Degree.GRADUATE)
    here, there = finder.best_fit(answers), finder.best_fit(more)
    assert order.index(there.role) <= order.index(here.role)
    assert there.complete


@pytest.mark.parametrize(
    ("answers", "role"),
    [
        ({}, Role.FAMILY_SPECIALIST),
        ({"years": Years.TWO}, Role.FAMILY_SPECIALIST),
        ({"years": Years.UNDER_TWO}, Role.FAMILY_ASSOCIATE),
        ({"supervision": Supervision.NONE}, Role.FAMILY_ASSOCIATE),
        ({"supervision": Supervision.GIVEN}, Role.FAMILY_ASSOCIATE),
        ({"supervision": Supervision.BOTH}, Role.FAMILY_SPECIALIST),
        ({"work": Work.EVERYDAY}, Role.FAMILY_ASSOCIATE),
        ({"work": Work.THERAPY}, Role.FAMILY_SPECIALIST),
        ({"work": Work.THERAPY, "license": License.YES}, Role.MENTAL_HEALTH_SPECIALIST),
        ({"work": Work.THERAPY, "degree": Degree.GRADUATE}, Role.MENTAL_HEALTH_SPECIALIST),
        ({"work": Work.POLICY}, Role.FAMILY_ASSOCIATE),
        ({"work": Work.POLICY, "degree": Degree.GRADUATE}, Role.MENTOR_POLICY),
        ({"work": Work.POLICY, "degree": Degree.GRADUATE, "years": Years.TWO}, Role.FAMILY_ASSOCIATE),
        ({"work": Work.TEACHING_RESEARCH, "degree": Degree.GRADUATE}, Role.MENTOR_RESEARCH),
        ({"work": Work.PRACTICE_LEADERSHIP}, Role.FAMILY_SPECIALIST),
        ({"work": Work.PRACTICE_LEADERSHIP, "degree": Degree.GRADUATE}, Role.FAMILY_SPECIALIST),
        (
            {"work": Work.PRACTICE_LEADERSHIP, "degree": Degree.GRADUATE, "supervision": Supervision.GIVEN},
            Role.MENTOR_CLINICAL,
        ),
    ],
)
def test_best_fit(answers, role):
    fit = finder.best_fit(replace(HOME_VISITOR, **answers))
    assert (fit.role, fit.complete) == (role, True)


def test_family_associate_is_open_by_study_or_by_work():
    nothing = replace(HOME_VISITOR, years=Years.UNDER_TWO, degree=Degree.NONE)
    assert finder.best_fit(nothing).missing == finder.TABLE[Role.FAMILY_ASSOCIATE]
    assert finder.best_fit(replace(nothing, degree=Degree.UNDERGRADUATE)).reasons == ("degree",)
    by_work = finder.best_fit(replace(nothing, years=Years.TWO, supervision=Supervision.NONE))
    assert by_work.reasons == ("work", "years")
    leader = finder.best_fit(replace(nothing, years=Years.TWO, work=Work.POLICY))
    assert not leader.complete


def test_runner_up_holds_in_full_or_is_the_nearest():
    specialist = finder.result(HOME_VISITOR).licenses[0]
    assert (specialist.runner_up.role, specialist.runner_up.complete) == (Role.FAMILY_ASSOCIATE, True)
    associate = finder.result(replace(HOME_VISITOR, supervision=Supervision.NONE)).licenses[0]
    assert associate.runner_up.role is Role.FAMILY_SPECIALIST
    assert [condition.key for condition in associate.runner_up.missing] == ["receives"]


def test_what_would_change_names_the_way_up_first():
    up, anywhere = finder.changes(HOME_VISITOR)
    assert (dict(up.answers), up.role) == (
        {"work": Work.THERAPY, "license": License.YES},
        Role.MENTAL_HEALTH_SPECIALIST,
    )
    assert (dict(anywhere.answers), anywhere.role) == ({"supervision": Supervision.NONE}, Role.FAMILY_ASSOCIATE)


@pytest.mark.parametrize(
    ("supervision", "work", "add_on"),
    [
        (Supervision.BOTH, Work.PREVENTION, True),
        (Supervision.RECEIVED, Work.PREVENTION, False),
        (Supervision.BOTH, Work.EVERYDAY, False),
    ],
)
def test_add_on_is_named_to_specialists_who_give_supervision(supervision, work, add_on):
    found = finder.result(replace(HOME_VISITOR, supervision=supervision, work=work)).licenses[0]
    assert found.add_on is add_on


@pytest.mark.parametrize(
    ("license_code", "role", "code"),
    [
        (LicenseCode.IMH, Role.FAMILY_SPECIALIST, "IFS"),
        (LicenseCode.IMH, Role.MENTOR_RESEARCH, "IMHM-R/F"),
        (LicenseCode.ECMH, Role.FAMILY_ASSOCIATE, "ECFA"),
        (LicenseCode.ECMH, Role.MENTAL_HEALTH_SPECIALIST, "ECMHS"),
    ],
)
def test_codes_are_those_of_the_standard(license_code, role, code):
    assert finder.category_code(license_code, role) == code
