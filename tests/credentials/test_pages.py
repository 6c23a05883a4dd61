"""Registry and verification: open to everyone, fast, saying no more than they should."""

import datetime
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competencies.models import Category
from credentials.enums import EndorsementEventKind as Kind
from credentials.models import Certificate, Endorsement, EndorsementEvent
from credentials.names import searchable
from credentials.queries import public
from tests.factories.credentials import EndorsementFactory
from tests.factories.members import PersonFactory

TODAY = timezone.now().date()
SHELL = 5
"""Session, account, roles, unread messages, the person's name: what every signed-in page asks."""


LONG_AGO, FAR_OFF = TODAY - timedelta(days=400), TODAY + timedelta(days=400)


def award(association, name, *, code="IFS", granted=LONG_AGO, until=FAR_OFF, **more):
    endorsement = EndorsementFactory(
        association=association,
        category=Category.objects.get(code=code),
        person=more.pop("person", None) or PersonFactory(name=name),
        holder_name=name,
        search_name=searchable(name),
        granted_on=granted,
        valid_until=until,
        **more,
    )
    EndorsementEvent.objects.create(
        endorsement=endorsement, kind=Kind.GRANTED, on=granted, valid_until=until, at=timezone.now()
    )
    return endorsement


def lapse(endorsement, on):
    EndorsementEvent.objects.create(endorsement=endorsement, kind=Kind.LAPSED, on=on, at=timezone.now())
    endorsement.valid_until = on - timedelta(days=1)
    endorsement.save()


def text_of(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- Registry -----------------------------------------------------------------------------------


def test_the_registry_lists_those_who_hold_something_today(client, association):
    award(association, "Kaya Stillwater")
    award(association, "Not Listed", listed=False)
    award(association, "Long Ago", until=TODAY - timedelta(days=2))
    award(association, "Not Yet", granted=TODAY + timedelta(days=2))
    award(association, "Was Removed", removed_at=timezone.now())
    lapse(award(association, "Has Lapsed"), TODAY - timedelta(days=1))
    base = award(association, "Base Lost")
    award(association, "Base Lost", code="ERS-IMH", base=base)
    lapse(base, TODAY - timedelta(days=1))
    text = text_of(client, "credentials:registry")
    names = ("Kaya Stillwater", "Not Listed", "Long Ago", "Not Yet", "Was Removed", "Has Lapsed", "Base Lost")
    assert [name for name in names if name in text] == ["Kaya Stillwater"]
    assert "@example.org" not in text


@pytest.mark.parametrize(
    ("zone", "day", "listed"),
    [
        ("Pacific/Kiritimati", -1, True),
        ("Pacific/Kiritimati", 0, False),
        ("Etc/GMT+12", 1, True),
        ("Etc/GMT+12", 2, False),
    ],
)
def test_the_last_day_ends_where_the_association_is(association, zone, day, listed):
    """At 11:30 in UTC it is the next day on Kiritimati already, and at UTC-12 still the day before."""
    association.settings.time_zone = zone
    association.settings.save()
    dates = {"granted": datetime.date(2025, 1, 1), "until": datetime.date(2026, 6, 30)}
    endorsement = award(association, "Kaya Stillwater", **dates)
    at = datetime.datetime(2026, 6, 30, 11, 30, tzinfo=datetime.UTC) + timedelta(days=day)
    assert public.registry(at).exists() is listed
    assert public.record(endorsement.code, at).held is listed


def test_an_association_without_settings_goes_by_utc(association):
    association.settings.delete()
    award(association, "Kaya Stillwater", granted=datetime.date(2025, 1, 1), until=datetime.date(2026, 6, 30))
    at = datetime.datetime(2026, 6, 30, 23, 59, tzinfo=datetime.UTC)
    assert public.registry(at).count() == 1
    assert public.registry(at + timedelta(minutes=1)).count() == 0


def test_the_search_forgives_accents_and_order(client, association, other_association):
    award(association, "Zoë Núñez Brightwater")
    award(other_association, "Łukasz Ørsted", code="ECFA")

    def found(**query):
        text = text_of(client, "credentials:registry", **query)
        return [name for name in ("Zoë Núñez Brightwater", "Łukasz Ørsted") if name in text]

    assert found(q="nunez zoe") == ["Zoë Núñez Brightwater"]
    assert found(q="NÚÑ") == ["Zoë Núñez Brightwater"]
    assert found(q="lukasz orsted") == ["Łukasz Ørsted"]
    assert found(q="nobody") == []
    assert found(category="ecfa") == ["Łukasz Ørsted"]
    assert found(association="xx-pr") == ["Zoë Núñez Brightwater"]
    assert found(association="nowhere", category="x\x00", q="\x00") == ["Zoë Núñez Brightwater", "Łukasz Ørsted"]
    assert "Nobody found" in text_of(client, "credentials:registry", q="nobody")


@pytest.mark.django_db
def test_an_empty_registry_teaches(client):
    assert "Nobody is listed yet" in text_of(client, "credentials:registry")


def test_the_registry_takes_as_many_queries_for_any_number(client, association):
    taken = []
    for count in (1, 29):
        for number in range(count):
            award(association, f"Kaya Stillwater {count}-{number}")
        with CaptureQueriesContext(connection) as captured:
            text_of(client, "credentials:registry")
        taken.append(len(captured))
    assert taken == [5, 5]


# --- Verification -------------------------------------------------------------------------------


def test_verification_says_who_what_since_until_and_by_whom(client, association):
    endorsement = award(association, "Kaya Stillwater")
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(reverse("credentials:verify", args=[endorsement.code]))
    assert len(captured) <= 4
    text = answer.content.decode()
    for words in ("Endorsed today", "Kaya Stillwater", "Infant Family Specialist, IMH-E", "Prairie Rivers Association"):
        assert words in text
    assert "@example.org" not in text
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "max-age=300"}, "it carries a token"


def test_an_add_on_takes_no_more_queries(client, association):
    base = award(association, "Kaya Stillwater")
    add_on = award(association, "Kaya Stillwater", code="ERS-IMH", base=base)
    with CaptureQueriesContext(connection) as captured:
        text_of(client, "credentials:verify", add_on.code)
    assert len(captured) <= 4


def test_a_signed_in_persons_copy_is_not_kept(client, association, applicant):
    endorsement = award(association, "Kaya Stillwater")
    client.force_login(applicant.user)
    answer = client.get(reverse("credentials:verify", args=[endorsement.code]))
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_the_status_on_another_day(client, association):
    dates = {"granted": datetime.date(2025, 1, 10), "until": datetime.date(2027, 12, 31)}
    endorsement = award(association, "Kaya Stillwater", **dates)
    lapse(endorsement, datetime.date(2026, 3, 1))
    address = ("credentials:verify", endorsement.code)
    assert "Not endorsed today" in text_of(client, *address)
    assert "Endorsed on Tue, February 10, 2026" in text_of(client, *address, on="2026-02-10")
    assert "Not endorsed on Sun, March 1, 2026: Lapsed" in text_of(client, *address, on="2026-03-01")
    assert "Not endorsed on Thu, January 9, 2025: Not yet granted" in text_of(client, *address, on="2025-01-09")


@pytest.mark.parametrize("on", ["tomorrow", "2026-02-30", "9" * 40, "\x00", "0000-00-00"])
def test_a_day_that_is_none_is_answered_by_its_field(client, association, on):
    endorsement = award(association, "Kaya Stillwater")
    assert "Enter a valid date." in text_of(client, "credentials:verify", endorsement.code, on=on)


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_far_days_are_answered(client, association, on):
    endorsement = award(association, "Kaya Stillwater")
    assert "Not endorsed on" in text_of(client, "credentials:verify", endorsement.code, on=on)


def test_a_code_is_found_however_it_is_written(client, association):
    award(association, "Kaya Stillwater")
    Endorsement.objects.update(code="7KMP2QRSTV9W")
    for typed in ("7KMP2QRSTV9W", "7kmp-2qrs-tv9w", "7KMP 2QRS TV9W"):
        assert "Kaya Stillwater" in text_of(client, "credentials:verify", typed)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["7KMP2QRSTV9X", "x", "%00", "<script>alert(1)</script>", "A" * 500])
def test_an_unknown_code_has_a_clear_page(client, code):
    answer = client.get(f"/verify/{code.replace('/', '')}/")
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "We do not know this code" in text
    assert "<script>alert" not in text


@pytest.mark.django_db
def test_entering_a_code(client):
    assert "Code on the certificate" in text_of(client, "credentials:verify_enter")
    address = reverse("credentials:verify_enter")
    answer = client.get(address, {"code": "7kmp-2qrs-tv9w"})
    assert answer.headers["Location"] == reverse("credentials:verify", args=["7KMP2QRSTV9W"])
    text = client.get(address, {"code": "7KMP"}).content.decode()
    assert "A code has 12 letters and digits; this one has 4." in text
    assert 'value="7KMP"' in text


def test_public_pages_write_nothing(client, association):
    endorsement = award(association, "Kaya Stillwater")
    for name, args in (("registry", ()), ("verify_enter", ()), ("verify", (endorsement.code,))):
        assert client.post(reverse(f"credentials:{name}", args=args)).status_code in (403, 405)


# --- One's own ----------------------------------------------------------------------------------


def test_ones_own_endorsements(client, association, applicant, other_applicant):
    mine = award(association, "Maren Oakhill", person=applicant)
    Certificate.objects.create(endorsement=mine)
    award(association, "Samir Birchwell", code="ECFA", person=other_applicant)
    client.force_login(applicant.user)
    text = text_of(client, "credentials:mine")
    assert ("Infant Family Specialist" in text, "Early Childhood Family Associate" in text) == (True, False)
    assert "Your certificate is being made." in text
    Certificate.objects.update(state="failed")
    assert "could not be made" in text_of(client, "credentials:mine")
    lapse(mine, TODAY - timedelta(days=1))
    text = text_of(client, "credentials:mine")
    assert ("Last day" in text, "What happened when" in text) == (True, True)


def test_no_endorsement_yet(client, applicant):
    client.force_login(applicant.user)
    assert "You hold no endorsement yet" in text_of(client, "credentials:mine")


def test_ones_own_page_takes_as_many_queries_for_any_number(client, association, applicant):
    client.force_login(applicant.user)
    taken = []
    base = award(association, "Maren Oakhill", person=applicant)
    for count in (1, 29):
        for _number in range(count):
            award(association, "Maren Oakhill", code="ERS-IMH", person=applicant, base=base)
        text_of(client, "credentials:mine")
        with CaptureQueriesContext(connection) as captured:
            text_of(client, "credentials:mine")
        taken.append(len(captured))
    assert taken == [SHELL + 4] * 2
