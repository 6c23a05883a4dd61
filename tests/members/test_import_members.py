"""import_members: all or nothing, the same file twice changes nothing, what staff decided stays."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.models import OutgoingMessage
from members.enums import MembershipState, Provenance
from members.models import Membership, Person
from tests.factories.members import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db
HEAD = "email,name,kind,number,starts_on,ends_on\n"
ROW = "ada@example.org,Ada Meadow,individual,17,2026-01-01,2026-12-31\n"


@pytest.fixture
def run(tmp_path, capsys, association):
    def call(text, *options, code="XX-PR"):
        path = tmp_path / "roster.csv"
        path.write_text(text)
        call_command("import_members", code, str(path), *options)
        return capsys.readouterr().out.strip()

    return call


def test_a_roster_is_confirmed_and_trusted(run, association):
    assert run(HEAD + ROW, code="xx-pr") == "Done: 1 rows, 1 created, 0 confirmed, 0 changed, 0 unchanged."
    row = Membership.objects.get()
    assert (row.person.name, row.person.user, row.state, row.provenance, row.number) == (
        "Ada Meadow", None, MembershipState.CONFIRMED, Provenance.IMPORTED_TRUSTED, "17",
    )  # fmt: skip
    assert (row.starts_on, row.ends_on) == (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    assert sorted(
        AuditEvent.objects.filter(object_type__startswith="members.").values_list("verb", "actor_kind", "actor_id")
    ) == [
        ("membership.roster_created", "command", "import_members"),
        ("roster.imported", "command", "import_members"),
    ]
    assert OutgoingMessage.objects.count() == 0


def test_the_same_file_twice_changes_nothing(run):
    run(HEAD + ROW)
    before = list(Membership.objects.values())
    assert run(HEAD + ROW).endswith("0 created, 0 confirmed, 0 changed, 1 unchanged.")
    assert list(Membership.objects.values()) == before


def test_a_new_last_day_replaces_the_imported_one(run):
    run(HEAD + ROW)
    assert run(HEAD + ROW.replace("2026-12-31", "2027-03-31")).endswith("0 confirmed, 1 changed, 0 unchanged.")
    assert Membership.objects.get().ends_on == datetime.date(2027, 3, 31)


def test_what_a_member_stated_is_confirmed_and_told(run, association):
    person = PersonFactory(email="ada@example.org")
    stated = MembershipFactory(
        person=person, association=association, pending=True, starts_on=datetime.date(2026, 1, 1)
    )
    assert run(HEAD + ROW).endswith("0 created, 1 confirmed, 0 changed, 0 unchanged.")
    stated.refresh_from_db()
    assert (stated.state, stated.ends_on) == (MembershipState.CONFIRMED, datetime.date(2026, 12, 31))
    assert OutgoingMessage.objects.get().key.startswith(f"member:{stated.uuid}:confirmed:")


def test_what_a_coordinator_confirmed_stays(run, association):
    person = PersonFactory(email="ada@example.org")
    here = MembershipFactory(person=person, association=association, starts_on=datetime.date(2026, 1, 1))
    assert run(HEAD + ROW).endswith("1 unchanged.")
    here.refresh_from_db()
    assert (here.provenance, here.ends_on) == (Provenance.CONFIRMED_HERE, datetime.date(2027, 12, 31))


def test_what_was_taken_back_or_refused_is_no_hindrance(run, association):
    person = PersonFactory(email="ada@example.org")
    MembershipFactory(
        person=person, association=association, starts_on=datetime.date(2026, 1, 1), state=MembershipState.WITHDRAWN
    )
    assert run(HEAD + ROW).endswith("1 created, 0 confirmed, 0 changed, 0 unchanged.")


def test_a_dry_run_writes_nothing(run):
    assert run(HEAD + ROW, "--dry-run") == "Would be: 1 rows, 1 created, 0 confirmed, 0 changed, 0 unchanged."
    assert (
        Membership.objects.count(),
        Person.objects.count(),
        AuditEvent.objects.filter(object_type__startswith="members.").count(),
    ) == (0, 0, 0)


def test_one_fault_spoils_the_file(run, capsys):
    with pytest.raises(CommandError, match=r"2 fault\(s\) in roster.csv; nothing was imported."):
        run(HEAD + ROW + "nonsense,,,,2026-01-01,2026-12-31\n")
    assert capsys.readouterr().out.splitlines() == [
        "line 3, email: “nonsense” is no email address",
        "line 3, name: the name is missing",
    ]
    assert (Membership.objects.count(), Person.objects.count()) == (0, 0)


def test_an_unknown_association_or_file(run, tmp_path, association):
    with pytest.raises(CommandError, match="No association has the code XX-NO"):
        run(HEAD + ROW, code="XX-NO")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_members", "XX-PR", str(tmp_path / "none.csv"))
