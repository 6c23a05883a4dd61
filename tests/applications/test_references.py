"""Raters: naming, asking, sending again, canceling, replacing, vetting; and the applicant's pages."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.actions import references
from applications.enums import ReferenceState, Status
from applications.models import Rating, RatingItem, Reference
from applications.queries import references as queries
from applications.queries.references import raters_page
from applications.raters_wanted import EXTRA_RATERS
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.links.queries import live_link
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import LostRace, NotAllowed
from members.models import Person
from tests.factories.applications import ApplicationFactory, ReferenceFactory
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.competencies import StandingFactory
from tests.factories.members import PersonFactory

pytestmark = pytest.mark.django_db

RATER = {
    "rater_name": "Ines Larkmoor",
    "email": " Ines@Example.ORG ",
    "slot": "current_supervisor",
    "known_since": datetime.date(2022, 1, 1),
    "waived": True,
}


@pytest.fixture
def application(association, applicant):
    seat = EnrolmentFactory(cohort=CohortFactory(association=association), person=applicant)
    return ApplicationFactory(enrolment=seat)


def invite(application, now, **values):
    return references.invite(application=application, by=application.person.user, now=now, **{**RATER, **values})


def refusal(act, **values):
    with pytest.raises(NotAllowed) as caught:
        act(**values)
    return [finding.requirement for finding in caught.value.findings]


def test_inviting_names_asks_and_mails_a_private_link(application, now):
    reference = invite(application, now)
    link = live_link(purpose="rating", object_uuid=reference.uuid, now=now)
    mail = OutgoingMessage.objects.get(key=f"rate-inv:{reference.uuid}:1")
    assert (reference.state, reference.asked_at, reference.asked_count) == (ReferenceState.ASKED, now, 1)
    assert (reference.rater.email, reference.due_on) == ("ines@example.org", datetime.date(2026, 6, 9))
    assert mail.context["link"] == {"private_link": str(link.uuid), "url_name": "rating:landing"}
    assert (mail.to_email, mail.required) == ("ines@example.org", True)
    assert list(
        AuditEvent.objects.filter(object_id=str(reference.uuid)).order_by("id").values_list("verb", flat=True)
    ) == [
        "reference.named",
        "reference.asked",
    ]


def test_asking_makes_the_items_of_the_category(application, now):
    RatingItem.objects.all().delete()
    invite(application, now)
    items = RatingItem.objects.filter(edition=application.edition, category=application.category)
    assert {item.area_code for item in items} == {"WWO", "THK", "REF"}
    assert items.count() == 15


def test_naming_alone_sends_nothing(application, now):
    reference = references.name(application=application, by=application.person.user, now=now, **RATER)
    assert (reference.state, OutgoingMessage.objects.count(), PrivateLink.objects.count()) == ("named", 0, 0)


def test_a_named_rater_is_asked_once(application, now):
    reference = references.name(application=application, by=application.person.user, now=now, **RATER)
    references.ask(reference=reference, by=application.person.user, now=now)
    with pytest.raises(LostRace):
        references.ask(reference=reference, by=application.person.user, now=now)


def test_the_due_day_does_not_pass_the_deadline(application, now):
    june = now + datetime.timedelta(days=30)
    assert invite(application, june).due_on == datetime.date(2026, 6, 26)


def test_after_the_deadline_the_usual_days_count(application, now):
    july = datetime.datetime(2026, 7, 10, 17, 0, tzinfo=datetime.UTC)
    assert invite(application, july).due_on == datetime.date(2026, 8, 7)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"email": "maren@example.org"}, ["own_address"]),
        ({"slot": "parent"}, ["slot_filled"]),
    ],
)
def test_naming_is_refused(application, now, values, expected):
    assert refusal(invite, application=application, now=now, **values) == expected
    assert (Reference.objects.count(), OutgoingMessage.objects.count()) == (0, 0)


def test_the_same_rater_twice_is_refused(application, now):
    invite(application, now)
    assert refusal(invite, application=application, now=now, slot="rsc_provider") == ["already_named"]


def test_a_fourth_rater_is_refused(application, now):
    StandingFactory(person=PersonFactory(email="rater1@example.org"), code="IMHM-C")
    for number, slot in enumerate(("current_supervisor", "rsc_provider", "colleague")):
        invite(application, now, slot=slot, email=f"rater{number}@example.org")
    assert refusal(invite, application=application, now=now, email="more@example.org") == ["enough_named"]


@pytest.fixture
def three_received(application, now):
    """Three ratings are in, each slot is filled, and none of the raters is endorsed."""
    for number, slot in enumerate(("current_supervisor", "rsc_provider", "colleague")):
        reference = invite(application, now, slot=slot, email=f"rater{number}@example.org")
        Reference.objects.filter(pk=reference.pk).update(state=ReferenceState.RECEIVED, ended_at=now)
        Rating.objects.create(reference=reference, version=1, submitted_at=now)
    return application


def test_a_fourth_rater_may_be_named_when_no_rating_comes_from_an_endorsed_rater(three_received, now):
    fourth = invite(three_received, now, slot="colleague", email="endorsed@example.org")
    assert fourth.state == ReferenceState.ASKED


def test_the_pages_say_why_a_fourth_rater_is_wanted(client, three_received):
    client.force_login(three_received.person.user)
    why = "None of your raters holds an endorsement that counts here."
    for name in ("references", "reference_add"):
        assert why in client.get(reverse(f"applications:{name}", args=[three_received.uuid])).content.decode(), name
    assert "Ask another person" in client.get(address("references", three_received)).content.decode()


def test_a_fourth_rater_who_has_not_answered_may_be_canceled(three_received, now):
    fourth = invite(three_received, now, slot="colleague", email="endorsed@example.org")
    line = next(line for line in raters_page(three_received, now).lines if line.uuid == fourth.uuid)
    assert line.may_cancel
    assert references.cancel(reference=fourth, by=three_received.person.user, now=now).state == ReferenceState.CANCELED


def test_with_an_endorsed_fourth_rater_nobody_else_is_wanted(three_received, now):
    StandingFactory(person=PersonFactory(email="endorsed@example.org"), code="IMHM-C")
    invite(three_received, now, slot="colleague", email="endorsed@example.org")
    assert refusal(invite, application=three_received, now=now, email="more@example.org") == ["enough_named"]


def test_no_more_raters_are_asked_than_is_sane(three_received, now):
    for number in range(EXTRA_RATERS):
        invite(three_received, now, slot="colleague", email=f"extra{number}@example.org")
    assert refusal(invite, application=three_received, now=now, email="more@example.org") == ["enough_named"]
    page = raters_page(three_received, now)
    assert page.wanted.reason == "You have named 6 raters, as many as we can ask for one application."


def test_a_short_acquaintance_is_a_hint_not_a_refusal(application, now):
    assert invite(application, now, known_since=datetime.date(2026, 2, 1)).state == ReferenceState.ASKED


@pytest.mark.parametrize("status", [Status.UNDER_REVIEW, Status.REVIEWED])
def test_after_review_started_only_the_coordinator_changes_raters(application, now, coordinator, status):
    type(application).objects.filter(pk=application.pk).update(status=status, submitted_at=now)
    application.refresh_from_db()
    assert refusal(invite, application=application, now=now) == ["references_closed"]
    reference = references.invite(application=application, by=coordinator, as_staff=True, now=now, **RATER)
    assert reference.state == ReferenceState.ASKED


def test_a_category_without_ratings_refuses(application, now, monkeypatch):
    monkeypatch.setattr(references, "rule_of", lambda application: None)
    assert refusal(invite, application=application, now=now) == ["no_references"]


def test_sending_again_keeps_the_link_and_waits_a_day(application, now):
    reference = invite(application, now)
    link = live_link(purpose="rating", object_uuid=reference.uuid, now=now)
    by = application.person.user
    early = now + datetime.timedelta(hours=23)
    assert refusal(references.resend, reference=reference, by=by, now=early) == ["asked_today"]
    later = now + datetime.timedelta(hours=24)
    references.resend(reference=reference, by=by, now=later)
    assert live_link(purpose="rating", object_uuid=reference.uuid, now=later) == link
    assert OutgoingMessage.objects.filter(key=f"rate-inv:{reference.uuid}:2").exists()


def test_sending_again_after_the_links_end_makes_a_new_one(application, now):
    reference = invite(application, now)
    much_later = now + datetime.timedelta(days=200)
    references.resend(reference=reference, by=application.person.user, now=much_later)
    assert PrivateLink.objects.live(much_later).count() == 1


def test_sending_again_from_an_old_page_loses(application, now):
    reference = invite(application, now)
    Reference.objects.filter(pk=reference.pk).update(asked_count=2)
    later = now + datetime.timedelta(days=2)
    with pytest.raises(LostRace):
        references.resend(reference=reference, by=application.person.user, now=later)


@pytest.mark.parametrize("state", [ReferenceState.RECEIVED, ReferenceState.DECLINED, ReferenceState.NAMED])
def test_only_waiting_raters_are_asked_again(application, now, state):
    reference = ReferenceFactory(application=application, state=state)
    assert refusal(references.resend, reference=reference, by=application.person.user, now=now) == ["not_waiting"]


def test_a_bounced_rater_asked_again_is_asked(application, now):
    reference = invite(application, now)
    references.mark_bounced(reference=reference)
    assert reference.state == ReferenceState.BOUNCED
    again = references.resend(reference=reference, by=application.person.user, now=now + datetime.timedelta(days=1))
    assert again.state == ReferenceState.ASKED
    assert OutgoingMessage.objects.get(kind="rating_state").context["state"] == "bounced"


def test_a_bounce_after_opening_changes_nothing(application):
    reference = ReferenceFactory(application=application, state=ReferenceState.OPENED)
    assert references.mark_bounced(reference=reference).state == ReferenceState.OPENED


def test_canceling_kills_the_link_at_once(application, now):
    reference = invite(application, now)
    references.cancel(reference=reference, by=application.person.user, now=now)
    assert (reference.state, live_link(purpose="rating", object_uuid=reference.uuid, now=now)) == ("canceled", None)
    assert OutgoingMessage.objects.filter(key=f"rate-revoke:{reference.uuid}").exists()


def test_canceling_somebody_who_was_never_asked_writes_to_nobody(application, now):
    reference = references.name(application=application, by=application.person.user, now=now, **RATER)
    references.cancel(reference=reference, by=application.person.user, now=now)
    assert OutgoingMessage.objects.count() == 0


def test_a_received_rating_cannot_be_canceled(application, now):
    reference = ReferenceFactory(application=application, state=ReferenceState.RECEIVED)
    assert refusal(references.cancel, reference=reference, by=application.person.user, now=now) == ["not_waiting"]


def test_replacing_cancels_and_invites(application, now):
    old = invite(application, now)
    new = references.replace(
        reference=old,
        by=application.person.user,
        now=now,
        **{**RATER, "email": "petra@example.org", "rater_name": "Petra"},
    )
    old.refresh_from_db()
    assert (old.state, new.state) == (ReferenceState.CANCELED, ReferenceState.ASKED)


def test_a_refused_replacement_leaves_the_old_rater(application, now):
    old = invite(application, now)
    values = {**RATER, "email": "maren@example.org"}
    assert refusal(references.replace, reference=old, by=application.person.user, now=now, **values) == ["own_address"]
    old.refresh_from_db()
    assert old.state == ReferenceState.ASKED
    assert live_link(purpose="rating", object_uuid=old.uuid, now=now) is not None


def test_replacing_a_rater_who_declined_only_invites(application, now):
    old = ReferenceFactory(application=application, state=ReferenceState.DECLINED)
    new = references.replace(reference=old, by=application.person.user, now=now, **RATER)
    old.refresh_from_db()
    assert (old.state, new.state) == (ReferenceState.DECLINED, ReferenceState.ASKED)


def test_vetting_is_signed(application, coordinator, now):
    reference = ReferenceFactory(application=application, state=ReferenceState.ASKED)
    references.vet(reference=reference, by=coordinator, now=now)
    reference.refresh_from_db()
    assert (reference.vetted_by, reference.vetted_at) == (coordinator, now)


def test_a_canceled_rater_is_not_vetted(application, coordinator):
    reference = ReferenceFactory(application=application, state=ReferenceState.CANCELED)
    assert refusal(references.vet, reference=reference, by=coordinator) == ["canceled"]


def test_a_category_without_ratings_shows_no_roles(application, now, monkeypatch):
    monkeypatch.setattr(queries, "category_spec", lambda *pinned: SimpleNamespace(requirements=()))
    page = raters_page(application, now)
    assert (page.needed, page.wanted.roles, queries.naming_page(application, None, now)) == (0, (), None)


# --- Pages --------------------------------------------------------------------------------------

FORM = {
    "rater_name": "Ines Larkmoor",
    "email": "ines@example.org",
    "slot": "current_supervisor",
    "known_since": "2022-01-01",
    "waived": "yes",
}


@pytest.fixture
def page(client, application):
    client.force_login(application.person.user)
    return client


def address(name, application, *args):
    return reverse(f"applications:{name}", args=[application.uuid, *args])


def test_the_page_shows_states_and_never_a_reason(page, application):
    ReferenceFactory(
        application=application,
        state=ReferenceState.DECLINED,
        decline_reason="conflict",
        decline_note="CANARY-NOTE",
        ended_at=timezone.now(),
    )
    text = page.get(address("references", application)).content.decode()
    assert "Declined, please choose another" in text
    assert "CANARY-NOTE" not in text
    assert "conflict" not in text


def test_an_empty_page_teaches(page, application):
    text = page.get(address("references", application)).content.decode()
    assert "Nobody is asked yet" in text
    assert address("reference_add", application) in text


def test_naming_through_the_form(page, application):
    response = page.post(address("reference_add", application), FORM)
    reference = Reference.objects.get()
    assert response.status_code == 302
    assert (reference.state, reference.waived, reference.known_since) == ("asked", True, datetime.date(2022, 1, 1))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"rater_name": ""}, "rater_name"),
        ({"rater_name": "1234"}, "rater_name"),
        ({"rater_name": "Ines\u2028Larkmoor\x07x"}, "rater_name"),
        ({"email": "not an address"}, "email"),
        ({"email": "maren@example.org"}, "email"),
        ({"slot": "president"}, "slot"),
        ({"slot": ""}, "slot"),
        ({"known_since": "2126-01-01"}, "known_since"),
        ({"known_since": "0001-01-01"}, "known_since"),
        ({"known_since": "99999-99-99"}, "known_since"),
        ({"waived": ""}, "waived"),
    ],
)
def test_bad_input_is_said_by_the_field_and_kept(page, application, values, field):
    response = page.post(address("reference_add", application), {**FORM, **values})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Reference.objects.count() == 0


def test_a_nul_in_the_name_is_refused(page, application):
    response = page.post(address("reference_add", application), {**FORM, "rater_name": "Ines\x00"})
    assert response.status_code == 422


def test_replacing_through_the_form(page, application, now):
    old = invite(application, timezone.now())
    response = page.post(address("reference_replace", application, old.uuid), {**FORM, "email": "petra@example.org"})
    assert response.status_code == 302
    assert sorted(Reference.objects.values_list("rater__email", "state")) == [
        ("ines@example.org", "canceled"),
        ("petra@example.org", "asked"),
    ]


def test_the_form_says_when_raters_can_no_longer_change(page, application, now):
    type(application).objects.filter(pk=application.pk).update(status=Status.UNDER_REVIEW, submitted_at=now)
    assert "until the review starts" in page.get(address("reference_add", application)).content.decode()
    assert page.post(address("reference_add", application), FORM).status_code == 422


@pytest.mark.parametrize("act", ["resend", "cancel"])
def test_acting_on_a_rater(page, application, act):
    reference = invite(application, timezone.now() - datetime.timedelta(days=2))
    response = page.post(address("reference_act", application, reference.uuid), {"act": act})
    reference.refresh_from_db()
    assert response.status_code == 302
    assert (reference.state, reference.asked_count) == (("asked", 2) if act == "resend" else ("canceled", 1))


def test_a_refused_act_says_why(page, application):
    reference = invite(application, timezone.now())
    response = page.post(address("reference_act", application, reference.uuid), {"act": "resend"}, follow=True)
    assert "less than a day ago" in response.content.decode()


@pytest.mark.parametrize("act", ["", "vet", "submit"])
def test_an_unknown_act_is_not_found(page, application, act):
    reference = invite(application, timezone.now())
    assert page.post(address("reference_act", application, reference.uuid), {"act": act}).status_code == 404


def test_a_get_never_acts(page, application):
    reference = invite(application, timezone.now())
    assert page.get(address("reference_act", application, reference.uuid)).status_code == 405


def test_another_applicants_raters_are_not_found(client, application, other_applicant):
    reference = invite(application, timezone.now())
    client.force_login(other_applicant.user)
    assert [
        client.get(address("references", application)).status_code,
        client.get(address("reference_add", application)).status_code,
        client.get(address("reference_replace", application, reference.uuid)).status_code,
        client.post(address("reference_act", application, reference.uuid), {"act": "cancel"}).status_code,
    ] == [404, 404, 404, 404]


def test_a_rater_of_another_application_is_not_found(page, application):
    stranger = ReferenceFactory()
    assert page.get(address("reference_replace", application, stranger.uuid)).status_code == 404
    assert page.post(address("reference_act", application, stranger.uuid), {"act": "cancel"}).status_code == 404


def test_the_same_queries_for_one_rater_and_for_ten(application, now):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            raters_page(application, now)
        return len(caught)

    ReferenceFactory(application=application)
    queries()
    one = queries()
    ReferenceFactory.create_batch(9, application=application)
    assert queries() == one


def test_finding_people_makes_one_person_for_one_address(application, now):
    PersonFactory(email="ines@example.org", name="Ines L.")
    invite(application, now)
    assert Person.objects.filter(email="ines@example.org").count() == 1
