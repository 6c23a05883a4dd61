"""What coordinators type: each shape, and what odd values turn into."""

import datetime

import pytest

from applications.enums import AssignmentState, Outcome
from applications.models import ReviewAssignment
from cohorts.enums import Season
from coordination.forms.acts import (
    AssignForm,
    ChangeRequestForm,
    DecisionForm,
    EndStandingForm,
    ExamForm,
    MessageForm,
    ReasonForm,
    ReinstateForm,
    RemoveReviewerForm,
    StandingForm,
)
from coordination.forms.cohort import CohortForm, WallTime, planned
from coordination.forms.filters import ApplicationFilterForm, OutboxFilterForm, SearchForm
from coordination.queries.applications import ApplicationFilter
from members.models import Person, User


def test_a_reason_is_never_empty():
    assert ReasonForm({"reason": " \t"}).errors == {"reason": ["Say why, in a few words."]}
    assert ReasonForm({"reason": " Late. "}).is_valid()


@pytest.mark.django_db
def test_a_standing_ends_after_it_begins():
    values = {"kind": "endorsed", "code": "IFS", "starts_on": "2024-05-01", "source": "Registry"}
    for ends_on, errors in (("", {}), ("2024-05-01", {}), ("2024-04-30", ["The last day lies before the first."])):
        form = StandingForm(values | {"ends_on": ends_on})
        assert form.errors.get("ends_on", {}) == errors


def test_a_wish_may_be_about_the_whole_application():
    form = ChangeRequestForm({"text": "More"}, requirements=[("training", "Training")])
    assert form.is_valid()
    assert form.cleaned_data == {"requirement_key": "", "text": "More", "due_on": None}


def _reviewer(name: str) -> User:
    user = User(email=f"{name}@example.org")
    user.person = Person(name=name, email=user.email, user=user)
    user.load = 2
    return user


def test_a_reviewer_is_chosen_by_name_and_load():
    petra = _reviewer("Petra Lindenau")
    form = AssignForm({"reviewer": str(petra.uuid), "due_on": "2026-06-01"}, reviewers=[petra])
    assert form.fields["reviewer"].choices == [("", "Choose a reviewer"), (str(petra.uuid), "Petra Lindenau (2 open)")]
    assert form.is_valid()
    assert form.cleaned_data == {"reviewer": petra, "due_on": datetime.date(2026, 6, 1)}
    assert not AssignForm({"reviewer": "1", "due_on": "2026-06-01"}, reviewers=[petra]).is_valid()


def test_only_open_requests_can_be_taken_back():
    petra = _reviewer("Petra Lindenau")
    rows = [ReviewAssignment(reviewer=petra, state=state) for state in AssignmentState]
    form = RemoveReviewerForm({}, assignments=rows)
    open_one = next(row for row in rows if row.state == AssignmentState.ASSIGNED)
    assert form.fields["assignment"].choices == [(str(open_one.uuid), "Petra Lindenau")]
    chosen = RemoveReviewerForm({"assignment": str(open_one.uuid)}, assignments=rows)
    assert chosen.is_valid()
    assert chosen.cleaned_data == {"assignment": open_one}


def test_tasks_are_lines():
    outcomes = [Outcome.DEFERRED, Outcome.ENDORSED]
    form = DecisionForm({"outcome": "deferred", "tasks": " One. \r\n\r\nTwo."}, outcomes=outcomes)
    assert form.is_valid()
    assert form.cleaned_data == {"outcome": "deferred", "message": "", "tasks": ["One.", "Two."], "due_on": None}
    long = DecisionForm({"outcome": "deferred", "tasks": "x" * 1001}, outcomes=outcomes)
    assert long.errors == {"tasks": ["Please keep each task under 1000 characters."]}


@pytest.mark.parametrize(("result", "passed"), [("yes", True), ("no", False)])
def test_a_result_is_yes_or_no(result, passed):
    form = ExamForm({"part": "2", "sat_on": "2026-05-01", "passed": result})
    assert form.is_valid()
    assert form.cleaned_data == {"part": 2, "sat_on": datetime.date(2026, 5, 1), "passed": passed}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-06-26T17:00", datetime.datetime(2026, 6, 26, 17, 0)),
        ("2026-06-26T17:00:59", datetime.datetime(2026, 6, 26, 17, 0, 59)),
        (" 2026-06-26 17:00 ", datetime.datetime(2026, 6, 26, 17, 0)),
        (datetime.datetime(2026, 6, 26), datetime.datetime(2026, 6, 26)),
    ],
)
def test_a_wall_time_has_no_zone(typed, meant):
    assert WallTime().clean(typed) == meant


@pytest.mark.parametrize("typed", ["soon", "2026-02-30T09:00", "17:00", "2026-06-26", "9" * 400])
def test_a_wall_time_that_is_none_is_said(typed):
    form = CohortForm({"opens": typed})
    assert form.errors["opens"] == ["Enter a date and a time, like 2026-06-26 17:00."]


def test_an_empty_wall_time_is_asked_for():
    assert CohortForm({"opens": ""}).errors["opens"] == ["Give the date and the time."]


def test_the_plan_of_a_quarter_fills_the_form():
    first = planned(2026, Season.SUMMER, "America/Denver")
    assert first["name"] == "Summer 2026"
    assert (first["capacity"], first["time_zone"], first["season"]) == (14, "America/Denver", Season.SUMMER)
    typed = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in first.items()}
    form = CohortForm(typed)
    assert form.is_valid(), form.errors
    details = form.details()
    assert (details.name, details.opens, details.season) == ("Summer 2026", first["opens"], Season.SUMMER)


@pytest.mark.parametrize("data", [{"search": "\x00"}, {"search": "x" * 101}, {}])
def test_an_odd_search_means_everything(data):
    assert SearchForm(data).value("search") == ""


def test_an_odd_choice_means_all():
    assert OutboxFilterForm({"state": "no-such"}).value("state") == ""


@pytest.mark.django_db
def test_the_filter_of_the_queue(association):
    form = ApplicationFilterForm(
        {"search": " Ada ", "status": "draft", "category": "IFS", "cohort": "nonsense", "order": "oldest"},
        association=association,
    )
    assert form.wanted() == ApplicationFilter(search="Ada", status="draft", category="IFS", cohort=None, order="oldest")
    assert ApplicationFilterForm({}, association=association).wanted() == ApplicationFilter()


DAYS = {"due_on": "2026-06-01", "sat_on": "2026-05-01", "starts_on": "2024-05-01"}


def _consequential():
    """Every choice of the desk that matters, as (form, the fields that have to be chosen, their messages)."""
    petra = _reviewer("Petra Lindenau")
    yield "decision", lambda data: DecisionForm(data, outcomes=list(Outcome)), {"outcome": "Choose the outcome."}
    reader = {"reviewer": "Choose who is to read this application."}
    yield "assign", lambda data: AssignForm(data, reviewers=[petra]), reader
    yield "exam", ExamForm, {"part": "Choose the part of the exam.", "passed": "Choose the result."}
    known = {"kind": "Choose the kind of standing.", "code": "Choose the category."}
    yield "standing", lambda data: StandingForm(data), known


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "messages"), [row[1:] for row in _consequential()], ids=lambda row: str(row)[:20])
def test_nothing_that_matters_is_chosen_beforehand(make, messages):
    form = make(None)
    for name in messages:
        value, words = form.fields[name].choices[0]
        assert (value, str(words).partition(" ")[0]) == ("", "Choose")
        assert form[name].value() is None
    refused = make({**DAYS, "source": "Registry"})
    assert refused.errors == {name: [words] for name, words in messages.items()}


@pytest.mark.django_db
def test_no_message_of_the_desk_is_the_general_one(association):
    general = "This field is required."
    forms_of_the_desk = [
        *(make({}) for _name, make, _messages in _consequential()),
        ReasonForm({}), ReinstateForm({}), EndStandingForm({}), MessageForm({}),
        ChangeRequestForm({}, requirements=[]), CohortForm({"opens": ""}),
    ]  # fmt: skip
    said = {
        f"{type(form).__name__}.{name}": list(errors)
        for form in forms_of_the_desk
        for name, errors in form.errors.items()
    }
    assert {name: errors for name, errors in said.items() if general in errors} == {}
    assert len(said) >= 20


def test_without_a_reviewer_there_is_nothing_to_choose():
    assert AssignForm(None, reviewers=[]).fields["reviewer"].choices == []
