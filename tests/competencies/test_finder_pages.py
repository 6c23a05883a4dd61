"""The finder's pages: signed out, one question each, any odd input answered, every result explained."""

from itertools import product

import pytest
from django.urls import reverse

from competencies import finder
from competencies.finder_words import OPEN, SECOND, WORDS
from competencies.models import Category

ANSWERS = ("both", "prevention", "three_or_more", "undergraduate", "no", "received")


@pytest.fixture
def answer(client, db):
    def answer(*values):
        for number, value in enumerate(values, start=1):
            response = client.post(reverse("finder:question", args=[number]), {"answer": value})
        return response

    return answer


def text_of(response):
    return response.content.decode()


def test_words_exist_for_every_answer_condition_and_role():
    assert {key: list(words.choices) for key, words in WORDS.items()} == {
        key: list(choices) for key, choices in finder.QUESTIONS.items()
    }
    assert set(OPEN) == {condition.key for row in finder.TABLE.values() for condition in row}
    assert set(SECOND) == set(finder.Role)
    for key, words in WORDS.items():
        for choice in words.choices.values():
            assert key == "ages" or choice.change


def test_every_category_the_finder_names_is_active(db):
    codes = {finder.category_code(code, role) for code, role in product(finder.LicenseCode, finder.Role)}
    assert set(Category.objects.filter(code__in=codes, status="active").values_list("code", flat=True)) == codes


def test_start_goes_to_the_first_open_question(client, answer):
    assert client.get(reverse("finder:start")).url == reverse("finder:question", args=[1])
    answer("both", "prevention")
    assert client.get(reverse("finder:start")).url == reverse("finder:question", args=[3])


def test_six_answers_lead_to_the_result(client, answer):
    response = answer(*ANSWERS)
    assert response.url == reverse("finder:result")
    page = text_of(client.get(response.url))
    for sentence in (
        "Two licenses, one good fit in each",
        "Infant Family Specialist",
        "Early Childhood Family Specialist",
        "work with 10 families of this age, 30 h of training, 24 h of reflective supervision and 3 reference ratings",
        "Runner-up: Infant Family Associate",
        "If you took no part in reflective supervision, the best fit would be Infant Family Associate.",
        "Change answer 6",
        "Make an account and start",
    ):
        assert sentence in page


def test_result_leads_a_signed_in_person_to_the_gap_report(client, answer, applicant):
    client.force_login(applicant.user)
    answer(*ANSWERS)
    assert reverse("gap", args=["ifs"]) in text_of(client.get(reverse("finder:result")))


def test_nothing_fits_yet_is_said_kindly(client, answer):
    answer("infant", "everyday", "under_two", "none", "no", "none")
    page = text_of(client.get(reverse("finder:result")))
    assert "A place to begin" in page
    assert "First it asks for two years of work with young children and families, or a degree or certificate." in page


def test_exam_and_add_on_are_named_where_they_apply(client, answer):
    answer("infant", "policy", "three_or_more", "graduate", "no", "none")
    assert "a written exam" in text_of(client.get(reverse("finder:result")))
    answer("infant", "prevention", "two", "none", "no", "both")
    assert "Infant Endorsed Reflective Supervisor (add-on)" in text_of(client.get(reverse("finder:result")))


def test_every_result_can_be_shown(client, db):
    """One page for each combination of what decides, over both licenses."""
    session = client.session
    keys = list(finder.QUESTIONS)
    for values in product(["both"], finder.Work, finder.Years, finder.Degree, finder.License, ["none", "both"]):
        session["finder"] = dict(zip(keys, map(str, values), strict=True))
        session.save()
        assert client.get(reverse("finder:result")).status_code == 200


def test_changing_one_answer_comes_back_to_the_result(client, answer):
    answer(*ANSWERS)
    page = text_of(client.get(reverse("finder:question", args=[3])))
    assert 'value="three_or_more" id="answer-three_or_more" checked' in page
    assert "Back to the result" in page
    response = client.post(reverse("finder:question", args=[3]), {"answer": "under_two"})
    assert response.url == reverse("finder:result")


def test_start_again_forgets(client, answer):
    answer(*ANSWERS)
    assert client.post(reverse("finder:start")).url == reverse("finder:question", args=[1])
    assert client.get(reverse("finder:result")).url == reverse("finder:question", args=[1])


@pytest.mark.parametrize("value", ["", "everything", "a\x00b", "9" * 5000])
def test_odd_answers_are_answered_beside_the_question(client, db, value):
    response = client.post(reverse("finder:question", args=[2]), {"answer": value})
    assert response.status_code == 200
    assert "<title>Error: Category finder, question 2 of 6" in text_of(response)
    assert 'href="#id_answer_0"' in text_of(response)


@pytest.mark.parametrize("path", ["/find/0/", "/find/7/", "/find/99999999999999999999999/"])
def test_no_such_question(client, db, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("kept", [{"ages": "nobody"}, {"ages": ["both"]}, {"ages": None}, {}])
def test_kept_answers_that_are_no_choice_are_forgotten(client, db, kept):
    session = client.session
    session["finder"] = kept
    session.save()
    assert client.get(reverse("finder:result")).url == reverse("finder:question", args=[1])


@pytest.mark.parametrize("name", ["finder:result"])
def test_only_get(client, db, name):
    assert client.post(reverse(name)).status_code == 405
