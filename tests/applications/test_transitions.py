"""The one writer of a status."""

import pytest

from applications.actions import transitions
from applications.enums import Action, Actor, Status
from applications.models import Application, StatusChange
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.workflow import LostRace, NotAllowed
from tests.factories.applications import ApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(association):
    return ApplicationFactory(enrolment__cohort__association=association)


def test_a_step_is_written_with_its_history_and_audit(draft, now):
    user = draft.person.user
    row = transitions.perform(
        application=draft, action=Action.WITHDRAW, by=user, actor=Actor.APPLICANT, reason="A new job", now=now
    )
    assert (row.status, row.version, row.status_since) == (Status.WITHDRAWN, 2, now)
    step = StatusChange.objects.get()
    assert (step.source, step.target, step.action, step.reason, step.by) == (
        "draft", "withdrawn", "withdraw", "A new job", user,
    )  # fmt: skip
    event = AuditEvent.objects.get(verb="application.withdraw")
    assert event.data == {"from": "draft", "to": "withdrawn", "actor": "applicant"}


def test_a_step_that_the_table_does_not_know(draft):
    with pytest.raises(LostRace) as error:
        transitions.perform(application=draft, action=Action.FINISH_REVIEW, by=None, actor=Actor.SYSTEM)
    assert error.value.findings[0].message == "This application is “In preparation” now, so this is no longer possible."


@pytest.mark.parametrize("actor", [Actor.STRANGER, Actor.REVIEWER, Actor.SYSTEM])
def test_a_step_that_is_not_yours(draft, actor):
    with pytest.raises(NotAllowed, match="not yours"):
        transitions.perform(application=draft, action=Action.WITHDRAW, by=None, actor=actor)
    assert StatusChange.objects.count() == 0


def test_whoever_comes_second_writes_nothing(draft, now, monkeypatch):
    """Somebody changes the row between the reading and the update."""
    real = transitions.check

    def overtaken(**values):
        step = real(**values)
        Application.objects.filter(pk=draft.pk).update(version=7)
        return step

    monkeypatch.setattr(transitions, "check", overtaken)
    with pytest.raises(LostRace, match="Somebody else"):
        transitions.perform(application=draft, action=Action.WITHDRAW, by=None, actor=Actor.APPLICANT, now=now)
    draft.refresh_from_db()
    assert (draft.status, StatusChange.objects.count()) == (Status.DRAFT, 0)


def test_now_is_read_once_when_nobody_says_it(draft):
    row = transitions.perform(application=draft, action=Action.WITHDRAW, by=None, actor=Actor.COORDINATOR)
    assert StatusChange.objects.get().at == row.status_since
