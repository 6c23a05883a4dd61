"""The acts a coordinator does on one application, each a small form on its page. One table: add a row, not a branch."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.actions import changes, decisions, exams, reviews
from applications.actions import messages as message_actions
from applications.enums import AssignmentState, Status
from applications.models import Application
from applications.queries.dossier import Dossier
from coordination.forms.acts import (
    AssignForm,
    ChangeRequestForm,
    DecisionForm,
    ExamForm,
    MessageForm,
    RemoveReviewerForm,
)
from coordination.queries.reviews import reviewers_with_load
from endorsement_portal.web.dates import day_in
from members.models import Association, User

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """`form`: of this application, bound to what was posted (or None). `do`: the action with the cleaned values.
    `possible`: whether the page offers it now; the action asks again."""

    form: Callable[[Association, Dossier, Any], forms.Form]
    do: Callable[[Application, User, Values], object]
    possible: Callable[[Dossier], bool]
    done: Promise
    anchor: str = ""
    """Where on the page one looks next."""


def message_form(association: Association, dossier: Dossier, data: Any) -> forms.Form:
    return MessageForm(data, prefix="message")


def changes_form(association: Association, dossier: Dossier, data: Any) -> forms.Form:
    requirements = [(finding.requirement, str(finding.label)) for finding in dossier.findings]
    return ChangeRequestForm(data, prefix="ask", requirements=requirements)


def assign_form(association: Association, dossier: Dossier, data: Any) -> forms.Form:
    today = day_in(timezone.now(), association.settings.time_zone)
    due_on = today + datetime.timedelta(days=association.settings.review_days)
    return AssignForm(data, prefix="assign", reviewers=reviewers_with_load(association), initial={"due_on": due_on})


def remove_form(association: Association, dossier: Dossier, data: Any) -> forms.Form:
    return RemoveReviewerForm(data, prefix="unassign", assignments=dossier.assignments)


def decide_form(association: Association, dossier: Dossier, data: Any) -> forms.Form:
    return DecisionForm(data, prefix="decide", outcomes=dossier.outcomes)


def exam_form(association: Association, dossier: Dossier, data: Any) -> forms.Form:
    return ExamForm(data, prefix="exam")


def write(application: Application, by: User, values: Values) -> object:
    return message_actions.write(application=application, by=by, **values)


def ask(application: Application, by: User, values: Values) -> object:
    return changes.request(application=application, by=by, wishes=[changes.Wish(**values)])


def assign(application: Application, by: User, values: Values) -> object:
    return reviews.assign(application=application, by=by, **values)


def remove(application: Application, by: User, values: Values) -> object:
    return reviews.remove(assignment=values["assignment"], by=by)


def decide(application: Application, by: User, values: Values) -> object:
    tasks = [changes.Wish(text=text, due_on=values["due_on"]) for text in values["tasks"]]
    return decisions.record(
        application=application, by=by, outcome=values["outcome"], message=values["message"], tasks=tasks
    )


def record_exam(application: Application, by: User, values: Values) -> object:
    return exams.record(application=application, by=by, **values)


def always(dossier: Dossier) -> bool:
    return True


def is_being_read(dossier: Dossier) -> bool:
    return any(row.state == AssignmentState.ASSIGNED for row in dossier.assignments)


ACTS: dict[str, Act] = {
    "message": Act(
        message_form, write, always,
        _("Your message is there. The mail carries a link, not your words."), "#messages",
    ),
    "ask": Act(
        changes_form, ask, lambda dossier: dossier.application.status in changes.ASKABLE,
        _("The applicant has a new task and a mail that says so."),
    ),
    "assign": Act(
        assign_form, assign, lambda dossier: dossier.application.status in reviews.ASSIGNABLE,
        _("The reviewer is asked and has a mail that says so."),
    ),
    "unassign": Act(remove_form, remove, is_being_read, _("The request to review is taken back.")),
    "decide": Act(
        decide_form, decide, lambda dossier: bool(dossier.outcomes) and dossier.waiting_decision is None,
        _("The decision is recorded. The applicant sees it when you release it."),
    ),
    "exam": Act(
        exam_form, record_exam, lambda dossier: dossier.application.status == Status.APPROVED_FOR_EXAM,
        _("The result is recorded."),
    ),
}  # fmt: skip


def forms_for(association: Association, dossier: Dossier) -> dict[str, forms.Form]:
    """The forms of the page, empty: of the acts that are possible, each offering what is possible."""
    return {name: act.form(association, dossier, None) for name, act in ACTS.items() if act.possible(dossier)}
