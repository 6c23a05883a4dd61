"""Signing, and the texts that are signed."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from applications.actions import legal_texts, signatures
from applications.enums import TextKind
from applications.models import LegalText, Signature
from applications.queries.texts import text_in_force
from endorsement_portal.workflow import NotAllowed
from tests.applications.desk import submitted
from tests.factories.applications import ApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(association):
    return ApplicationFactory(enrolment__cohort__association=association, enrolment__person__name="Maren Oakhill")


def default(kind):
    return LegalText.objects.get(kind=kind, association=None)


def sign(draft, kind=TextKind.ETHICS, **values):
    given = {
        "text": default(kind), "by": draft.person.user, "typed_name": "Maren Oakhill",
        "not_sanctioned": kind == TextKind.ETHICS, **values,
    }  # fmt: skip
    return signatures.sign(application=draft, **given)


def test_sign(draft, now):
    signed = sign(draft, typed_name="  maren  oakhill", now=now)
    assert (signed.typed_name, signed.not_sanctioned, signed.signed_at, signed.signed_by) == (
        "maren oakhill", True, now, draft.person.user,
    )  # fmt: skip
    assert sign(draft, TextKind.AGREEMENT, not_sanctioned=True).not_sanctioned is None


def test_signing_twice_keeps_the_first(draft, now):
    first = sign(draft, now=now)
    assert sign(draft, now=now + datetime.timedelta(days=1)) == first
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"typed_name": "Maren"}, "typed_name"),
        ({"not_sanctioned": False}, "not_sanctioned"),
        ({"not_sanctioned": None}, "not_sanctioned"),
    ],
)
def test_refusals(draft, values, expected):
    with pytest.raises(NotAllowed) as error:
        sign(draft, **values)
    assert [finding.requirement for finding in error.value.findings] == [expected]
    assert Signature.objects.count() == 0


def test_only_the_applicant_signs_and_only_before_sending(draft, coordinator, association):
    with pytest.raises(NotAllowed, match="not your application"):
        sign(draft, by=coordinator)
    with pytest.raises(NotAllowed, match="cannot be changed"):
        sign(submitted(association))


def test_an_older_text_cannot_be_signed(draft, association, now):
    own = legal_texts.publish(
        association=association, kind=TextKind.ETHICS, version="1", title="Our code", body="One.\n\nTwo.",
        effective_from=now.date(),
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="newer version"):
        sign(draft, now=now)
    assert sign(draft, text=own, now=now).text == own


def test_the_text_in_force(draft, association, other_association, now):
    for code, where, days in (("a", association, 0), ("b", association, 1), ("c", other_association, 0)):
        legal_texts.publish(
            association=where, kind=TextKind.ETHICS, version=code, title="T", body="B",
            effective_from=now.date() + datetime.timedelta(days=days),
        )  # fmt: skip
    assert text_in_force(draft, TextKind.ETHICS, now).version == "a"
    assert text_in_force(draft, TextKind.ETHICS, now + datetime.timedelta(days=1)).version == "b"
    assert text_in_force(draft, TextKind.AGREEMENT, now) == default(TextKind.AGREEMENT)
    LegalText.objects.filter(kind=TextKind.AGREEMENT).delete()
    assert text_in_force(draft, TextKind.AGREEMENT, now) is None


def test_defaults_are_added_once_and_never_rewritten(db):
    assert legal_texts.load_defaults() == 0
    LegalText.objects.filter(kind=TextKind.ETHICS).delete()
    assert legal_texts.load_defaults() == 1
    LegalText.objects.filter(kind=TextKind.ETHICS).update(sha256="0" * 64)
    with pytest.raises(NotAllowed, match="new version"):
        legal_texts.load_defaults()


@pytest.mark.parametrize("values", [{"title": " "}, {"body": "\n"}, {"version": "taken"}])
def test_publishing_refuses(association, values):
    given = {
        "kind": TextKind.ETHICS,
        "version": "1",
        "title": "T",
        "body": "B",
        "effective_from": datetime.date(2026, 1, 1),
    }
    legal_texts.publish(association=association, **{**given, "version": "taken"})
    with pytest.raises(NotAllowed):
        legal_texts.publish(association=association, **{**given, **values})


def command(*arguments):
    call_command("load_legal_texts", *arguments)


def test_command(association, tmp_path, capsys):
    command()
    path = tmp_path / "code.txt"
    path.write_text("One.\n\nTwo.", encoding="utf-8")
    given = [
        "--association",
        "xx-pr",
        "--kind",
        "ethics",
        "--edition",
        "2026",
        "--title",
        "Our code",
        "--file",
        str(path),
    ]
    command(*given, "--from", "2026-02-01")
    command(*given[:5], "2027", *given[6:])
    assert capsys.readouterr().out.splitlines()[:2] == ["0 texts added.", "Our code 2026 is in force from 2026-02-01."]
    with pytest.raises(CommandError, match="exists already"):
        command(*given)


GIVEN = ["--kind", "ethics", "--edition", "1", "--title", "T"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--association", "XX-PR"], "Missing: --kind, --edition, --title, --file"),
        ([*GIVEN, "--association", "nowhere", "--file", "x"], "No association"),
        ([*GIVEN, "--association", "XX-PR", "--file", "/nowhere"], "No such file"),
    ],
)  # fmt: skip
def test_command_refuses(association, arguments, message):
    with pytest.raises(CommandError, match=message):
        command(*arguments)
