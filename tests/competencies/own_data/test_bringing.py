"""A member brings a portfolio along: confirmations are stated, shown and not counted, until a coordinator accepts."""

import copy
import datetime
import io
import json

import pytest

from competencies.actions import bringing
from competencies.actions.bringing import accept_imported, bring
from competencies.models import Standing, Supervision, Training
from competencies.portable import PortableFault
from competencies.queries.portable import to_portable
from endorsement_portal.audit.models import AuditEvent, AuditText
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import NotAllowed
from members.enums import Provenance
from tests.competencies.own_data.zips import PORTFOLIO, zipped
from tests.factories.competencies import SupervisionFactory
from tests.factories.members import StaffRoleFactory

pytestmark = pytest.mark.django_db


def brought(person, file=None):
    return bring(person=person, by=person.user, file=file or zipped())


def as_json(data) -> io.BytesIO:
    return io.BytesIO(json.dumps(data).encode())


@pytest.fixture
def waiting(applicant):
    """One signed session that came from elsewhere."""
    brought(applicant)
    return Supervision.objects.get()


def accept(session, association, by, **more):
    about = {"person": session.person, "sessions": [session], "source": "Letter of the provider", **more}
    return accept_imported(association=association, by=by, **about)


def test_what_others_confirmed_is_only_stated(applicant):
    imported = brought(applicant)
    session = Supervision.objects.get()
    assert (imported.added, session.accepted, session.state, session.provenance) == (3, False, "confirmed", "stated")
    assert Training.objects.get().accepted is True
    assert AuditEvent.objects.get(verb="portfolio.imported").data["trusted"] is False


def test_standings_in_the_file_do_not_count(applicant):
    data = copy.deepcopy(PORTFOLIO)
    data["providers"][0]["standings"] = [{"category": "IMHM-C", "kind": "endorsed", "from": "2018-01-01"}]
    brought(applicant, as_json(data))
    assert Standing.objects.get().provenance == Provenance.STATED
    assert not Standing.objects.trusted().exists()


def test_ones_own_zip_again_changes_nothing(applicant, association, coordinator, waiting):
    accept(waiting, association, coordinator)
    SupervisionFactory(person=applicant, key="s-own", confirmed=True, provenance=Provenance.CONFIRMED_HERE)
    again = brought(applicant, as_json(to_portable(applicant)))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 4)
    assert Supervision.objects.filter(accepted=True, provenance=Provenance.CONFIRMED_HERE).count() == 2


def test_a_member_cannot_make_an_unaccepted_session_count_by_another_round(applicant, waiting):
    brought(applicant, as_json(to_portable(applicant)))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attested_on) == ("logged", None)
    brought(applicant)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.accepted) == ("confirmed", False)


def test_a_changed_length_waits_again(applicant, association, coordinator, waiting):
    Supervision.objects.update(accepted=True, provenance=Provenance.IMPORTED_TRUSTED)
    data = copy.deepcopy(PORTFOLIO)
    data["supervision"][0]["minutes"] = 600
    brought(applicant, as_json(data))
    waiting.refresh_from_db()
    assert (waiting.minutes, waiting.accepted, waiting.provenance) == (600, False, "stated")


def test_a_session_confirmed_here_does_not_change(applicant, association, coordinator, waiting):
    accept(waiting, association, coordinator)
    data = copy.deepcopy(PORTFOLIO)
    data["supervision"][0]["minutes"] = 600
    with pytest.raises(PortableFault, match="was confirmed by its provider here and stays as it is"):
        brought(applicant, as_json(data))


def test_faults_leave_nothing(applicant):
    for file in (as_json({}), io.BytesIO(b"{"), zipped({"x": b""}), as_json(PORTFOLIO | {"format": "x"})):
        with pytest.raises(PortableFault):
            brought(applicant, file)
    assert not Training.objects.exists()


def test_a_json_that_is_too_large(applicant, monkeypatch):
    monkeypatch.setattr(bringing, "JSON_BYTES_MAX", 10)
    with pytest.raises(PortableFault, match="The file is larger than 0 MB"):
        brought(applicant, as_json(PORTFOLIO))


def test_nobody_is_their_own_provider(applicant):
    data = copy.deepcopy(PORTFOLIO)
    data["providers"][0]["email"] = applicant.email
    with pytest.raises(PortableFault, match="cannot be their own provider"):
        brought(applicant, as_json(data))


def test_only_ones_own_and_not_all_day_long(applicant, other_applicant):
    with pytest.raises(NotAllowed, match="Only the person themself"):
        bring(person=applicant, by=other_applicant.user, file=zipped())
    for _ in range(bringing.PER_HOUR_MAX):
        brought(applicant)
    with pytest.raises(NotAllowed, match="many times within the hour"):
        brought(applicant)


def test_a_coordinator_accepts_and_it_counts(applicant, association, coordinator, waiting):
    assert accept(waiting, association, coordinator) == 1
    waiting.refresh_from_db()
    assert (waiting.accepted, waiting.provenance, waiting.version) == (True, Provenance.CONFIRMED_HERE, 2)
    event = AuditEvent.objects.get(verb="portfolio.import_accepted")
    assert (event.chain, event.data) == (association.code, {"person": str(applicant.uuid), "minutes": 60})
    assert AuditText.objects.get(event=event).text == "Letter of the provider"
    message = OutgoingMessage.objects.get(template="import_accepted")
    assert (message.to_email, message.context["sessions"], message.context["minutes"]) == (applicant.email, 1, 60)
    assert accept(waiting, association, coordinator) == 0
    assert OutgoingMessage.objects.filter(template="import_accepted").count() == 1


def test_who_may_not_accept(applicant, association, coordinator, reviewer, other_coordinator, operator, waiting):
    for user in (reviewer, other_coordinator, applicant.user):
        with pytest.raises(NotAllowed, match="Only a coordinator of this association"):
            accept(waiting, association, user)
    StaffRoleFactory(user=applicant.user, association=association, role="coordinator")
    with pytest.raises(NotAllowed, match="Nobody accepts their own confirmations"):
        accept(waiting, association, applicant.user)
    waiting.refresh_from_db()
    assert waiting.accepted is False


def test_sessions_of_another_person_are_left_alone(applicant, other_applicant, association, coordinator, waiting):
    assert accept(waiting, association, coordinator, person=other_applicant) == 0
    Supervision.objects.update(withdrawn_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    assert accept(waiting, association, coordinator) == 0
