"""/me/ and /me/memberships/ through the HTTP client."""

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from endorsement_portal.files.models import StoredFile
from endorsement_portal.web import drafts
from members.enums import MembershipState
from members.forms import AssociationField
from members.models import Membership
from tests.factories.members import AssociationFactory, MembershipFactory
from tests.ground import corpus

pytestmark = pytest.mark.django_db
LIST = reverse("members:memberships")
ADD = reverse("members:membership_add")
ME = reverse("members:profile")


@pytest.fixture
def signed_in(client, applicant):
    client.force_login(applicant.user)
    return client


def form(**changes):
    return {
        "association": "Prairie Rivers Association, Prairie (XX-PR)", "kind": "individual", "number": "17",
        "starts_on": "2026-01-01", "ends_on": "2026-12-31", "desk": "", **changes,
    }  # fmt: skip


# --- Profile --------------------------------------------------------------------------------------------------------
def test_profile_shows_and_saves(signed_in, applicant):
    page = signed_in.get(ME)
    assert page.status_code == 200
    assert 'value="Maren Oakhill"' in page.content.decode()
    answer = signed_in.post(
        ME, {"name": "Maren Oak", "language": "es", "time_zone": "America/Denver", "residence": "US-CO"}
    )
    assert (answer.status_code, answer.url) == (302, ME)
    assert answer.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "es"
    applicant.refresh_from_db()
    assert (applicant.name, applicant.time_zone, applicant.residence) == ("Maren Oak", "America/Denver", "US-CO")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "Maren\r\nBcc: x@example.org", "A name is one line of letters"),
        ("name", "Maren\u202e", "A name is one line of letters"),
        ("name", "", "Please fill this in: Your name."),
        ("name", "x" * 201, "at most 200 characters"),
        ("language", "xx", "Select a valid choice"),
        ("time_zone", "Mars/Olympus", "Select a valid choice"),
        ("residence", "US-XX", "Select a valid choice"),
    ],
)
def test_profile_says_what_is_wrong_and_keeps_what_was_typed(signed_in, applicant, field, value, words):
    values = {"name": "Maren Oak", "language": "en", "time_zone": "America/Denver", "residence": "", field: value}
    answer = signed_in.post(ME, values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    applicant.refresh_from_db()
    assert applicant.name == "Maren Oakhill"


def test_a_residence_that_came_by_import_stays_choosable(signed_in, applicant):
    applicant.residence = "DE-BY"
    applicant.save()
    assert '<option value="DE-BY" selected>' in signed_in.get(ME).content.decode()


def test_profile_brings_back_what_was_typed_and_forgets_it_after_saving(signed_in, applicant):
    drafts.save(user=applicant.user, form_key="members:profile", data={"name": ["Maren Typed"]}, seen_version=0)
    assert 'value="Maren Typed"' in signed_in.get(ME).content.decode()
    signed_in.post(ME, {"name": "Maren", "language": "en", "time_zone": "America/Denver", "residence": ""})
    assert drafts.load(applicant.user, "members:profile") is None


# --- The list -------------------------------------------------------------------------------------------------------
def test_an_empty_list_teaches(signed_in):
    assert "No membership here yet" in signed_in.get(LIST).content.decode()


def test_the_list_shows_searches_and_filters(signed_in, applicant, association):
    MembershipFactory(person=applicant, association=association, number="A-17")
    MembershipFactory(person=applicant, association=AssociationFactory(code="XX-EL", name="Elsewhere"), pending=True)
    MembershipFactory(
        person=applicant, association=association, state=MembershipState.REFUSED, reason="The card is of 2024."
    )
    page = signed_in.get(LIST).content.decode()
    assert "You are a member today" in page
    assert "The card is of 2024." in page
    assert signed_in.get(LIST, {"q": "elsewhere"}).context["page"].paginator.count == 1
    assert signed_in.get(LIST, {"q": "a-17"}).context["page"].paginator.count == 1
    assert signed_in.get(LIST, {"state": "pending"}).context["page"].paginator.count == 1
    assert "Nothing matches" in signed_in.get(LIST, {"q": "nowhere"}).content.decode()


@pytest.mark.parametrize(
    "query", [{"state": "odd"}, {"page": "9" * 40}, {"page": "x"}, {"q": "\x00"}, {"q": "x" * 500}]
)
def test_odd_addresses_are_answered(signed_in, query):
    assert signed_in.get(LIST, query).status_code == 200


def test_a_membership_that_waits_is_said_so(signed_in, applicant, association):
    MembershipFactory(person=applicant, association=association, pending=True)
    assert "A coordinator looks at your proof" in signed_in.get(LIST).content.decode()


def test_a_membership_that_ended_is_said_so(signed_in, applicant, association):
    MembershipFactory(person=applicant, association=association, state=MembershipState.WITHDRAWN)
    assert "No membership counts today" in signed_in.get(LIST).content.decode()


def test_the_same_number_of_queries_for_1_and_30_rows(signed_in, applicant, association, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    MembershipFactory(person=applicant, association=association)
    signed_in.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as one:
        signed_in.get(LIST)
    for number in range(29):
        MembershipFactory(person=applicant, association=association, number=str(number))
    with CaptureQueriesContext(connection) as thirty:
        signed_in.get(LIST)
    assert len(one) == len(thirty)


# --- Add ------------------------------------------------------------------------------------------------------------
def test_add_with_proof(signed_in, applicant, association):
    assert "Prairie Rivers Association, Prairie (XX-PR)" in signed_in.get(ADD).content.decode()
    answer = signed_in.post(ADD, form(proof=SimpleUploadedFile("card.pdf", corpus.pdf())))
    assert (answer.status_code, answer.url) == (302, LIST)
    row = Membership.objects.get()
    assert (row.person, row.association, row.number, row.state) == (applicant, association, "17", "pending")
    assert (row.proof.name, row.proof.uploaded_by) == ("card.pdf", applicant.user)


@pytest.mark.parametrize(
    "typed",
    [
        "xx-pr",
        "XX-PR",
        "prairie rivers association",
        "Prairie Rivers Association (xx-pr)",
        " Prairie  Rivers Association ",
    ],
)
def test_the_association_is_found_by_name_or_code(signed_in, association, typed):
    assert signed_in.post(ADD, form(association=typed)).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("association", "Nowhere", "Choose one association from the list"),
        ("association", "Prairie", "Choose one association from the list"),
        ("association", "", "Please fill this in: Association."),
        ("association", "x\x00", "Null characters are not allowed"),
        ("starts_on", "0001-01-01", "Give a year from 1950 to 2100"),
        ("starts_on", "tomorrow", "Enter a valid date"),
        ("ends_on", "2025-12-31", "The last day is before the first day"),
        ("ends_on", "9999-12-31", "Give a year from 1950 to 2100"),
        ("kind", "royal", "Select a valid choice"),
        ("desk", "999999999999999999999", "Select a valid choice"),
        ("number", "x" * 61, "at most 60 characters"),
    ],
)
def test_add_says_what_is_wrong_by_the_field(signed_in, association, other_association, field, value, words):
    AssociationFactory(code="XX-P2", region="Prairie")
    answer = signed_in.post(ADD, form(**{field: value}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Membership.objects.count() == 0


def test_a_field_that_may_stay_empty_stays_empty():
    assert AssociationField(required=False).clean(" ") is None


def test_add_asks_who_checks_when_several_could(signed_in, association, other_association):
    AssociationFactory(code="XX-EL", name="Elsewhere")
    answer = signed_in.post(ADD, form(association="Elsewhere"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["desk"])
    assert signed_in.post(ADD, form(association="Elsewhere", desk=str(other_association.pk))).status_code == 302
    assert Membership.objects.get().desk == other_association


def test_add_twice_is_told(signed_in, association):
    signed_in.post(ADD, form())
    answer = signed_in.post(ADD, form())
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422, ["This membership is on your list already."],
    )  # fmt: skip


def test_add_when_the_storage_says_no(signed_in, association, settings):
    settings.UPLOAD_TOTAL_BYTES_MAX = 1
    answer = signed_in.post(ADD, form(proof=SimpleUploadedFile("card.pdf", corpus.pdf())))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["proof"])
    assert (Membership.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_add_brings_back_what_was_typed(signed_in, applicant, association):
    drafts.save(user=applicant.user, form_key="membership:new", data={"number": ["typed"]}, seen_version=0)
    assert 'value="typed"' in signed_in.get(ADD).content.decode()
    signed_in.post(ADD, form())
    assert drafts.load(applicant.user, "membership:new") is None


# --- Withdraw and proof ---------------------------------------------------------------------------------------------
def test_withdraw(signed_in, applicant, association):
    row = MembershipFactory(person=applicant, association=association, pending=True)
    address = reverse("members:membership_withdraw", args=[row.uuid])
    assert signed_in.get(address).status_code == 405
    assert signed_in.post(address).status_code == 302
    row.refresh_from_db()
    assert row.state == MembershipState.WITHDRAWN
    assert signed_in.post(address).status_code == 409


def test_somebody_elses_membership_is_not_there(signed_in, other_applicant, association):
    row = MembershipFactory(person=other_applicant, association=association, pending=True)
    assert signed_in.post(reverse("members:membership_withdraw", args=[row.uuid])).status_code == 404
    assert signed_in.get(reverse("members:membership_proof", args=[row.uuid])).status_code == 404
    row.refresh_from_db()
    assert row.state == MembershipState.PENDING


def test_the_proof_is_for_its_owner(signed_in, client, applicant, other_applicant, association):
    signed_in.post(ADD, form(proof=SimpleUploadedFile("card.pdf", corpus.pdf())))
    address = reverse("members:membership_proof", args=[Membership.objects.get().uuid])
    answer = signed_in.get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="card.pdf"'
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer.close()
    client.force_login(other_applicant.user)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_a_membership_without_proof(signed_in, applicant, association):
    row = MembershipFactory(person=applicant, association=association)
    assert signed_in.get(reverse("members:membership_proof", args=[row.uuid])).status_code == 404
