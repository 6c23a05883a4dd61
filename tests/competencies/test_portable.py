"""The portable portfolio: the same after a round trip; refused whole, with each fault by its path."""

import copy
import datetime
import json

import pytest
from django.core.management import CommandError, call_command

from competencies.actions.imports import import_portfolio
from competencies.enums import SessionState
from competencies.models import Education, Standing, Supervision, Training
from competencies.portable import PORTABLE_KEYS, Member, PortableFault, as_portable, from_portable
from competencies.queries.facts import portfolio_facts
from competencies.queries.portable import standing_codes, to_portable
from endorsement_portal.audit.models import AuditEvent
from members.enums import Provenance
from members.models import Person
from tests.factories.competencies import StandingFactory, SupervisionFactory, TrainingFactory
from tests.factories.members import PersonFactory

EXAMPLE = {
    "format": "endorsement-portfolio/1",
    "member": {"email": "a@example.org", "name": "A. Example", "residence": "US-MO"},
    "education": [{"level": "master", "field": "Social work", "institution": "…", "awarded_on": "2015-05-20"}],
    "licences": [{"kind": "mental_health", "name": "LCSW", "region": "US-MO", "from": "2016-01-01", "to": None}],
    "work": [
        {
            "title": "Home visitor", "employer": "…", "from": "2019-01-01", "to": None, "hours_per_week": 40,
            "paid": True, "supervised": True, "roles": ["direct_service"], "families_served": 25, "ages": ["0-36"],
        }
    ],
    "training": [
        {
            "key": "t1", "on": "2025-03-04", "title": "…", "organiser": "…", "minutes": 360, "topics": ["core"],
            "topic_minutes": {"dei": 60}, "ages": ["0-36", "37-71"], "competencies": ["TF.attachment_trauma"],
        }
    ],
    "providers": [
        {
            "key": "p1", "name": "Ines Larkmoor", "email": "ines@example.org",
            "standings": [{"category": "IMHM-C", "kind": "endorsed", "from": "2018-01-01", "to": None}],
        }
    ],
    "supervision": [
        {
            "key": "s1", "on": "2025-02-03", "minutes": 60, "format": "group", "group_size": 6, "mode": "distance",
            "provider": "p1", "about_own_provision": False, "ages": ["0-36"], "attested_on": "2025-03-01",
        }
    ],
}  # fmt: skip
SMALLEST = {
    "format": "endorsement-portfolio/1",
    "member": {"email": "b@example.org", "name": "B"},
    "education": [{"level": "cda"}],
    "licences": [{"kind": "other", "name": "RN"}],
    "work": [{"title": "Doula", "from": "2020-01-01", "families_served": None, "hours_per_week": 20.0}],
    "training": [{"key": "t", "on": "2020-01-01", "title": "T", "minutes": 60.0}],
    "providers": [{"key": "p", "name": "P", "email": "P@Example.org"}],
    "supervision": [{"key": "s", "on": "2020-01-01", "minutes": 60, "format": "individual", "provider": None}],
}


def changed(path: str, value) -> dict:
    """The example with the value at a path such as training.0.minutes."""
    data = copy.deepcopy(EXAMPLE)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = data
    for step in way:
        place = place[step]
    place[last] = value
    return data


# --- Reading, without a database ---------------------------------------------------------------------


def test_what_is_read_is_what_is_written():
    member, facts = from_portable(EXAMPLE)
    assert as_portable(member, facts) == EXAMPLE


def test_competencies_of_a_session_stand_where_there_are_some():
    data = changed("supervision.0.competencies", ["REF.curiosity"])
    assert as_portable(*from_portable(data)) == data


def test_only_the_essential_is_asked():
    member, facts = from_portable(SMALLEST)
    assert member == Member("b@example.org", "B")
    assert facts.work[0].hours_per_week == 20
    assert facts.training[0].minutes == 60
    assert (facts.supervision[0].mode, facts.supervision[0].state) == ("in_person", SessionState.LOGGED)
    assert facts.providers[0].email == "p@example.org"
    assert as_portable(member, facts)["member"]["residence"] is None


def test_an_empty_portfolio():
    member, facts = from_portable({"format": "endorsement-portfolio/1", "member": EXAMPLE["member"]})
    assert facts.entry_count() == 0
    assert as_portable(member, facts)["training"] == []


def test_keyed_and_without_what_is_left_out():
    member, facts = from_portable(EXAMPLE)
    keyed = as_portable(member, facts.without({"work": ["w1"], "training": ["t1"]}), keyed=True)
    assert [keyed[name] for name in ("work", "training")] == [[], []]
    assert [row["key"] for name in ("education", "licences", "supervision") for row in keyed[name]] == [
        "e1",
        "l1",
        "s1",
    ]
    assert set(PORTABLE_KEYS.values()) < set(keyed)


@pytest.mark.parametrize(
    ("path", "value", "faults"),
    [
        ("format", "endorsement-portfolio/2", ["$.format: 'endorsement-portfolio/1' was expected"]),
        ("foo", 1, ["$: unknown key 'foo'"]),
        ("member.phone", "1", ["$.member: unknown key 'phone'"]),
        ("training.0.organizer", "x", ["$.training[0]: unknown key 'organizer'"]),
        ("training.0.minutes", 0, ["$.training[0].minutes: 0 is less than the minimum of 1"]),
        ("training.0.minutes", 1.5, ["$.training[0].minutes: 1.5 is not of type 'integer'"]),
        ("training.0.minutes", True, ["$.training[0].minutes: True is not of type 'integer'"]),
        ("training.0.minutes", 10**30, [f"$.training[0].minutes: {10**30} is greater than the maximum of 100000"]),
        ("training.0.on", "2025-02-30", ["$.training[0].on: '2025-02-30' is no day of the calendar"]),
        ("training.0.title", "a\x00b", ["$.training[0].title: 'a\\x00b' does not match '^[^\\\\u0000]*$'"]),
        ("training.0.title", "\ud800", ["$.training[0].title: half of a character (a lone surrogate)"]),
        ("training.0.topic_minutes", {"dei": 361}, [
            "$.training[0].topic_minutes.dei: more than the training's 360 minutes"]),
        ("training.0.topics", ["sleep"], ["$.training[0].topics[0]: 'sleep' is not one of ['core', 'rsc', 'dei']"]),
        ("work.0.to", "2018-12-31", ["$.work[0].to: before 2019-01-01"]),
        ("licences.0.to", "2015-12-31", ["$.licences[0].to: before 2016-01-01"]),
        ("licences.0.to", 5, ["$.licences[0].to: 5 is not of type 'string'"]),
        ("providers.0.standings.0.to", "2017-12-31", ["$.providers[0].standings[0].to: before 2018-01-01"]),
        ("providers.0.standings.0.category", "IMHX", [
            "$.providers[0].standings[0].category: 'IMHX' is no category or add-on"]),
        ("providers.0.email", "nobody", [
            r"$.providers[0].email: 'nobody' does not match '^[^@\\s\\u0000]+@[^@\\s\\u0000]+\\.[^@\\s\\u0000]+$'"]),
        ("providers.0.email", "A@example.org", ["$.providers[0].email: nobody is their own provider"]),
        ("supervision.0.provider", "p9", ["$.supervision[0].provider: no provider has the key 'p9'"]),
        ("supervision.0", {}, [
            "$.supervision[0]: 'format' is a required property", "$.supervision[0]: 'key' is a required property",
            "$.supervision[0]: 'minutes' is a required property", "$.supervision[0]: 'on' is a required property",
            "$.supervision[0]: 'provider' is a required property"]),
    ],
)  # fmt: skip
def test_faults_by_their_path(path, value, faults):
    with pytest.raises(PortableFault) as caught:
        from_portable(changed(path, value), codes={"IMHM-C"})
    assert caught.value.faults == faults


@pytest.mark.parametrize("data", [None, [], "x", 5, {"member": 1}])
def test_something_else_entirely(data):
    with pytest.raises(PortableFault):
        from_portable(data)


@pytest.mark.parametrize("name", ["training", "providers", "supervision"])
def test_a_key_stands_once(name):
    data = copy.deepcopy(EXAMPLE)
    data[name].append(copy.deepcopy(data[name][0]))
    with pytest.raises(PortableFault, match="stands more than once"):
        from_portable(data)


# --- Into the database and back ------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    def write(data) -> str:
        path = tmp_path / "portfolio.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return str(path)

    return write


def exported(email: str, capsys) -> dict:
    capsys.readouterr()
    call_command("export_portfolio", email)
    return json.loads(capsys.readouterr().out)


@pytest.mark.django_db
class TestCommands:
    def test_the_round_trip_is_equal(self, file, capsys):
        call_command("import_portfolio", "A@Example.org", file(EXAMPLE), create=True)
        assert exported("a@example.org", capsys) == EXAMPLE
        facts = portfolio_facts(Person.objects.get(email="a@example.org"))
        call_command("import_portfolio", "a@example.org", file(EXAMPLE))
        assert capsys.readouterr().out == "0 added, 0 changed, 5 already there\n"
        assert portfolio_facts(Person.objects.get(email="a@example.org")) == facts
        assert exported("a@example.org", capsys) == EXAMPLE

    def test_what_an_operator_imports_is_trusted(self, file):
        call_command("import_portfolio", "a@example.org", file(EXAMPLE), create=True)
        assert Standing.objects.get().provenance == Provenance.IMPORTED_TRUSTED
        session = Supervision.objects.get()
        assert (session.provenance, session.accepted, session.state) == ("imported_trusted", True, "confirmed")
        event = AuditEvent.objects.get(verb="portfolio.imported")
        assert event.data == {"added": 5, "changed": 0, "unchanged": 0, "trusted": True}

    def test_a_key_that_is_there_is_brought_up_to_date(self, file, capsys):
        call_command("import_portfolio", "a@example.org", file(EXAMPLE), create=True)
        Supervision.objects.update(withdrawn_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
        call_command("import_portfolio", "a@example.org", file(changed("training.0.minutes", 90)))
        assert capsys.readouterr().out.splitlines()[-1] == "0 added, 2 changed, 3 already there"
        assert (Training.objects.get().minutes, Training.objects.get().version) == (90, 2)
        assert Supervision.objects.get().withdrawn_at is None

    def test_all_or_nothing(self, file):
        before = Person.objects.count()
        with pytest.raises(CommandError) as caught:
            call_command("import_portfolio", "a@example.org", file(changed("work.0.to", "2018-02-30")), create=True)
        assert (
            str(caught.value) == "$.work[0].to: '2018-02-30' is no day of the calendar; $.work[0].to: before 2019-01-01"
        )
        assert (Person.objects.count(), Education.objects.count()) == (before, 0)

    def test_nothing_stays_of_an_import_that_fails_late(self, file, applicant):
        SupervisionFactory(person=applicant, key="s1", confirmed=True, provenance=Provenance.CONFIRMED_HERE)
        with pytest.raises(CommandError, match="'s1' was confirmed by its provider here and stays as it is"):
            call_command("import_portfolio", applicant.email, file(EXAMPLE))
        assert (Education.objects.count(), Training.objects.count()) == (0, 0)
        assert not Person.objects.filter(email="ines@example.org").exists()

    def test_a_session_confirmed_here_may_be_in_the_file_as_it_is(self, file, applicant):
        call_command("import_portfolio", applicant.email, file(EXAMPLE))
        Supervision.objects.update(provenance=Provenance.CONFIRMED_HERE)
        call_command("import_portfolio", applicant.email, file(EXAMPLE))
        assert Supervision.objects.get().provenance == Provenance.CONFIRMED_HERE

    @pytest.mark.parametrize("content", ["{", "", "[" * 5000, '{"a": "\\u0000'])
    def test_no_json(self, file, content):
        with pytest.raises(CommandError, match="not JSON in UTF-8"):
            call_command("import_portfolio", "a@example.org", file(content), create=True)

    def test_no_file_and_a_large_one(self, file, tmp_path, monkeypatch):
        with pytest.raises(CommandError, match="No such file or directory"):
            call_command("import_portfolio", "a@example.org", str(tmp_path / "none.json"), create=True)
        monkeypatch.setattr("competencies.management.commands.import_portfolio.LARGEST", 10)
        with pytest.raises(CommandError, match="larger than"):
            call_command("import_portfolio", "a@example.org", file(EXAMPLE), create=True)

    def test_nobody_has_this_address(self, file):
        with pytest.raises(
            CommandError, match=r"^No member has the address x@example\.org\. Add --create to make one\.$"
        ):
            call_command("import_portfolio", "x@example.org", file(EXAMPLE))
        with pytest.raises(CommandError, match="no address is no email address"):
            call_command("import_portfolio", "no address", file(EXAMPLE), create=True)
        with pytest.raises(CommandError, match=r"^No member has the address x@example\.org\.$"):
            call_command("export_portfolio", "x@example.org")

    def test_another_members_file_may_not_make_one_their_own_provider(self, file):
        with pytest.raises(CommandError, match=r"ines@example\.org cannot be their own provider"):
            call_command("import_portfolio", "ines@example.org", file(EXAMPLE), create=True)

    def test_a_known_residence_stays(self, file, applicant):
        Person.objects.filter(pk=applicant.pk).update(residence="US-KS")
        call_command("import_portfolio", applicant.email, file(EXAMPLE))
        assert Person.objects.get(pk=applicant.pk).residence == "US-KS"


@pytest.mark.django_db
class TestActions:
    def test_a_members_own_import_is_stated_and_waits(self, applicant):
        _, facts = from_portable(EXAMPLE)
        import_portfolio(person=applicant, facts=facts, by=applicant.user, trusted=False)
        assert Standing.objects.get().provenance == Provenance.STATED
        assert Supervision.objects.get().accepted is False
        assert Training.objects.get().accepted is True
        read = portfolio_facts(applicant)
        assert (read.supervision[0].accepted, read.providers[0].standings[0].trusted) == (False, False)

    def test_what_staff_confirmed_is_never_altered(self, applicant):
        provider = PersonFactory(email="ines@example.org")
        StandingFactory(person=provider, ends_on=datetime.date(2024, 12, 31))
        _, facts = from_portable(EXAMPLE)
        imported = import_portfolio(person=applicant, facts=facts, by=None, trusted=True)
        assert imported.kept == ["ines@example.org: IMHM-C from 2018-01-01"]
        assert Standing.objects.get().ends_on == datetime.date(2024, 12, 31)

    def test_the_command_says_what_was_kept(self, applicant, file, capsys):
        StandingFactory(person=PersonFactory(email="ines@example.org"), ends_on=datetime.date(2024, 12, 31))
        call_command("import_portfolio", applicant.email, file(EXAMPLE))
        assert "Kept as staff confirmed it: ines@example.org: IMHM-C from 2018-01-01" in capsys.readouterr().out

    def test_another_standing_is_added(self, applicant):
        StandingFactory(person=PersonFactory(email="ines@example.org"), code="ERS-IMH", kind="add_on")
        _, facts = from_portable(EXAMPLE)
        import_portfolio(person=applicant, facts=facts, by=None, trusted=True)
        assert Standing.objects.count() == 2

    def test_the_portfolio_of_a_person_without_what_is_left_out(self, applicant):
        TrainingFactory(person=applicant, key="t2")
        TrainingFactory(person=applicant, key="t1")
        assert [row["key"] for row in to_portable(applicant)["training"]] == ["t2", "t1"]
        assert [row["key"] for row in to_portable(applicant, left_out={"training": ["t2"]})["training"]] == ["t1"]

    def test_codes_that_a_standing_may_confer(self):
        assert {"IMHM-C", "ERS-IMH", "IFRS"} < standing_codes()
