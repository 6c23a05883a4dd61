"""Entries: added, changed at the version that was seen, withdrawn and brought back; each refusal."""

import datetime

import pytest

from competencies.actions import portfolio
from competencies.actions.portfolio import NamedProvider
from competencies.enums import EntryKind
from competencies.keys import PREFIXES, new_key
from competencies.models import Supervision, Training
from competencies.queries.portfolio import MODELS, OWNER_FIELD
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import Person
from tests.factories.competencies import SupervisionFactory, TrainingFactory, WorkFactory
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db

TRAINING = {
    "on": datetime.date(2026, 5, 1),
    "title": "Reading the baby",
    "organizer": "",
    "minutes": 180,
    "topics": ["core"],
    "topic_minutes": {},
    "ages": [],
    "competencies": [],
}


def session_values(**changes):
    return {
        "on": datetime.date(2026, 5, 1),
        "minutes": 90,
        "format": "group",
        "group_size": 5,
        "mode": "distance",
        "provider": None,
        "about_own_provision": False,
        "ages": [],
        "competencies": [],
        **changes,
    }


def reasons(caught) -> list[str]:
    return [finding.requirement for finding in caught.value.findings]


def add_training(person, **changes):
    return portfolio.save(kind=EntryKind.TRAINING, person=person, by=person.user, values={**TRAINING, **changes})


def test_tables_know_every_kind():
    assert set(MODELS) == set(OWNER_FIELD) == set(PREFIXES) == set(EntryKind)
    assert {kind: model.kind for kind, model in MODELS.items()} == {kind: kind for kind in EntryKind}


def test_keys_sort_by_the_moment_of_entry():
    keys = [new_key(EntryKind.TRAINING) for _ in range(20)]
    moments = [key.rsplit("-", 1)[0] for key in keys]
    assert (moments == sorted(moments), len(set(keys)), keys[0][:2]) == (True, 20, "t-")


def test_add_writes_the_entry_and_its_history(applicant):
    entry = add_training(applicant)
    event = AuditEvent.objects.get(verb="portfolio.entry_added")
    assert (entry.person, entry.minutes, entry.version, entry.provenance) == (applicant, 180, 1, "stated")
    assert (event.object_id, event.actor_id, event.data) == (
        str(entry.uuid),
        str(applicant.user.uuid),
        {"kind": "training", "version": 1},
    )


def test_a_command_may_add_with_a_key_of_its_own(applicant):
    entry = portfolio.save(kind=EntryKind.TRAINING, person=applicant, by=None, values={**TRAINING, "key": "t1"})
    assert entry.key == "t1"


def test_change_raises_the_version_and_names_the_fields(applicant):
    entry = add_training(applicant)
    changed = portfolio.save(
        kind=EntryKind.TRAINING,
        person=applicant,
        by=applicant.user,
        values={**TRAINING, "minutes": 120, "title": "Other"},
        entry=entry,
        seen_version=1,
    )
    event = AuditEvent.objects.get(verb="portfolio.entry_changed")
    assert (changed.minutes, changed.version) == (120, 2)
    assert event.data == {"kind": "training", "version": 2, "fields": ["minutes", "title"]}


def test_change_without_a_difference_writes_nothing(applicant):
    entry = add_training(applicant)
    same = portfolio.save(kind=EntryKind.TRAINING, person=applicant, by=applicant.user, values=TRAINING, entry=entry)
    assert (same.version, AuditEvent.objects.filter(verb="portfolio.entry_changed").count()) == (1, 0)


def test_change_of_an_entry_that_staff_vouched_for_is_stated_again(applicant):
    entry = TrainingFactory(person=applicant, provenance="imported_trusted")
    changed = portfolio.save(
        kind=EntryKind.TRAINING, person=applicant, by=applicant.user, values={"minutes": 30}, entry=entry
    )
    assert changed.provenance == "stated"


def test_stale_change_writes_nothing(applicant):
    entry = add_training(applicant)
    Training.objects.filter(pk=entry.pk).update(version=2, title="Changed elsewhere")
    with pytest.raises(LostRace) as caught:
        portfolio.save(
            kind=EntryKind.TRAINING,
            person=applicant,
            by=applicant.user,
            values={**TRAINING, "title": "Mine"},
            entry=entry,
            seen_version=1,
        )
    entry.refresh_from_db()
    assert (reasons(caught), entry.title, entry.version) == (["entry_changed_meanwhile"], "Changed elsewhere", 2)


def test_equal_values_over_an_older_version_are_still_a_conflict(applicant):
    entry = TrainingFactory(person=applicant, version=3)
    with pytest.raises(LostRace):
        portfolio.save(
            kind=EntryKind.TRAINING,
            person=applicant,
            by=applicant.user,
            values={"title": entry.title},
            entry=entry,
            seen_version=2,
        )


@pytest.mark.parametrize("act", ["save", "withdraw", "restore"])
def test_another_persons_portfolio_is_refused(applicant, other_applicant, act):
    entry = TrainingFactory(person=applicant)
    acts = {
        "save": lambda: portfolio.save(
            kind=EntryKind.TRAINING, person=applicant, by=other_applicant.user, values=TRAINING
        ),
        "withdraw": lambda: portfolio.withdraw(entry=entry, by=other_applicant.user),
        "restore": lambda: portfolio.restore(entry=entry, by=other_applicant.user),
    }
    with pytest.raises(NotAllowed) as caught:
        acts[act]()
    assert (reasons(caught), Training.objects.count()) == (["not_yours"], 1)


def test_withdraw_and_restore_keep_everything(applicant):
    entry = WorkFactory(person=applicant)
    portfolio.withdraw(entry=entry, by=applicant.user)
    withdrawn = (entry.withdrawn_at is not None, entry.version)
    portfolio.withdraw(entry=entry, by=applicant.user)
    portfolio.restore(entry=entry, by=applicant.user)
    portfolio.restore(entry=entry, by=applicant.user)
    assert withdrawn == (True, 2)
    assert (entry.withdrawn_at, entry.version) == (None, 3)
    assert list(AuditEvent.objects.filter(object_id=entry.uuid).values_list("verb", flat=True)) == [
        "portfolio.entry_withdrawn",
        "portfolio.entry_restored",
    ]


def test_withdrawing_an_older_version_is_a_conflict(applicant):
    entry = WorkFactory(person=applicant, version=2)
    with pytest.raises(LostRace):
        portfolio.withdraw(entry=entry, by=applicant.user, seen_version=1)
    entry.refresh_from_db()
    assert entry.withdrawn_at is None


def test_withdrawn_entry_is_not_changed(applicant):
    entry = TrainingFactory(person=applicant, withdrawn_at=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))
    with pytest.raises(NotAllowed) as caught:
        portfolio.save(kind=EntryKind.TRAINING, person=applicant, by=applicant.user, values=TRAINING, entry=entry)
    assert reasons(caught) == ["entry_withdrawn"]


def test_session_with_a_provider_typed_for_the_first_time(applicant):
    named = NamedProvider(name="Tobias Fernhollow", email="Tobias@Example.org")
    session = portfolio.save(
        kind=EntryKind.SUPERVISION, person=applicant, by=applicant.user, values=session_values(provider=named)
    )
    assert (session.provider.name, session.provider.email, session.state) == (
        "Tobias Fernhollow",
        "tobias@example.org",
        "logged",
    )


def test_session_with_a_provider_already_known_makes_no_second_person(applicant):
    known = PersonFactory(email="tobias@example.org", name="Tobias Fernhollow")
    named = NamedProvider(name="T. F.", email="tobias@example.org")
    session = portfolio.save(
        kind=EntryKind.SUPERVISION, person=applicant, by=applicant.user, values=session_values(provider=named)
    )
    assert (session.provider, Person.objects.filter(email="tobias@example.org").count()) == (known, 1)


def test_nobody_is_their_own_provider(applicant):
    named = NamedProvider(name="Me", email=applicant.email)
    with pytest.raises(NotAllowed) as caught:
        portfolio.save(
            kind=EntryKind.SUPERVISION, person=applicant, by=applicant.user, values=session_values(provider=named)
        )
    assert (reasons(caught), Supervision.objects.count()) == (["own_provider"], 0)


@pytest.mark.parametrize("state", ["confirmed", "corrected"])
def test_signed_session_is_not_changed(applicant, state):
    session = SupervisionFactory(person=applicant, state=state, attested_on=datetime.date(2026, 5, 1))
    with pytest.raises(NotAllowed) as caught:
        portfolio.save(
            kind=EntryKind.SUPERVISION,
            person=applicant,
            by=applicant.user,
            values=session_values(provider=session.provider, minutes=500),
            entry=session,
        )
    session.refresh_from_db()
    assert (reasons(caught), session.minutes) == (["session_signed"], 60)


def test_signed_session_may_be_withdrawn_and_come_back_signed(applicant):
    session = SupervisionFactory(person=applicant, confirmed=True)
    portfolio.withdraw(entry=session, by=applicant.user)
    portfolio.restore(entry=session, by=applicant.user)
    assert (session.state, session.attested_on) == ("confirmed", datetime.date(2026, 5, 1))


def change_session(session, **changes):
    kept = {name: getattr(session, name) for name in session_values()}
    return portfolio.save(
        kind=EntryKind.SUPERVISION,
        person=session.person,
        by=session.person.user,
        values={**kept, **changes},
        entry=session,
    )


def test_sent_session_stays_sent_when_the_provider_stays(applicant, now):
    session = SupervisionFactory(person=applicant, state="sent", asked_at=now)
    changed = change_session(session, minutes=75)
    assert (changed.state, changed.asked_at, changed.minutes) == ("sent", now, 75)


def test_another_provider_is_asked_anew(applicant, now):
    session = SupervisionFactory(person=applicant, state="sent", asked_at=now)
    changed = change_session(session, provider=PersonFactory())
    assert (changed.state, changed.asked_at) == ("logged", None)


def test_declined_session_waits_again_once_it_is_saved(applicant):
    session = SupervisionFactory(person=applicant, state="declined")
    changed = change_session(session, on=datetime.date(2026, 4, 29))
    assert (changed.state, changed.version) == ("logged", 2)


def test_a_part_of_the_fields_may_be_changed(applicant):
    session = SupervisionFactory(person=applicant)
    changed = portfolio.save(
        kind=EntryKind.SUPERVISION, person=applicant, by=applicant.user, values={"minutes": 45}, entry=session
    )
    assert (changed.minutes, changed.provider) == (45, session.provider)


def test_declined_session_saved_as_it_is_waits_again_too(applicant):
    session = SupervisionFactory(person=applicant, state="declined")
    assert change_session(session).state == "logged"
