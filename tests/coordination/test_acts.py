"""What a coordinator does on the desks: each act done once, and refused once with its reason and nothing changed."""

import datetime

import pytest
from django.utils import timezone

from applications.enums import ReferenceState, Status
from applications.models import Application, Decision, Reference
from competencies.models import Standing
from credentials.models import Endorsement
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.web.dates import day_in
from members.models import Membership
from tests.coordination.conftest import errors_of, said

ZONE = "America/Chicago"


def day(days=0):
    return day_in(timezone.now(), ZONE) + datetime.timedelta(days=days)


# --- memberships -----------------------------------------------------------------------------------------------------


def test_a_membership_is_confirmed(desk, house):
    assert desk.done("membership_confirm", house.membership.uuid) == [
        "success: The membership of Samir Birchwell is confirmed."
    ]
    assert Membership.objects.get(pk=house.membership.pk).state == "confirmed"
    [refused] = desk.done("membership_confirm", house.membership.uuid)
    assert refused.startswith("error: ")


def test_the_act_comes_back_to_the_list_as_it_was_filtered(desk, house):
    response = desk.post("membership_confirm", house.membership.uuid, query="?state=pending&page=2")
    assert response["Location"] == "/admin/xx-pr/memberships/?state=pending&page=2"


def test_a_membership_is_refused_with_a_reason(desk, house):
    empty = desk.post("membership_refuse", house.membership.uuid, data={"reason": " "})
    assert (empty.status_code, errors_of(empty)) == (422, {"reason": ["Say why, in a few words."]})
    assert Membership.objects.get(pk=house.membership.pk).state == "pending"

    words = {"reason": "The card is of 2024."}
    assert desk.done("membership_refuse", house.membership.uuid, data=words) == [
        "success: Samir Birchwell was told why the membership is not confirmed."
    ]
    row = Membership.objects.get(pk=house.membership.pk)
    assert (row.state, row.reason) == ("refused", "The card is of 2024.")

    again = desk.post("membership_refuse", house.membership.uuid, data=words)
    assert again.status_code == 422
    assert list(errors_of(again)) == ["__all__"]
    assert 'value="The card is of 2024."' in again.content.decode()


# --- references ------------------------------------------------------------------------------------------------------


def test_a_rater_is_vetted(desk, house):
    assert desk.done("reference_vet", house.asked.uuid) == [
        f"success: {house.asked.rater.name} is vetted for this application."
    ]
    row = Reference.objects.get(pk=house.asked.pk)
    assert (row.vetted_by, row.vetted_at is not None) == (house.coordinator, True)
    assert "vetted" in desk.get("references", search=house.asked.rater.name)


def test_a_canceled_request_is_not_vetted(desk, house):
    Reference.objects.filter(pk=house.asked.pk).update(state=ReferenceState.CANCELED)
    assert desk.done("reference_vet", house.asked.uuid) == ["error: This request was canceled."]
    assert Reference.objects.get(pk=house.asked.pk).vetted_at is None


def test_an_invitation_goes_out_again_once_a_day(desk, house):
    name = house.asked.rater.name
    assert desk.done("reference_resend", house.asked.uuid) == [f"success: The invitation to {name} goes out again."]
    assert desk.done("reference_resend", house.asked.uuid) == [
        "error: We wrote to this rater less than a day ago. Please try again tomorrow."
    ]
    assert Reference.objects.get(pk=house.asked.pk).asked_count == 2


# --- providers -------------------------------------------------------------------------------------------------------


def standing(**values):
    return {
        "kind": "endorsed", "code": "IMHS", "starts_on": "2024-01-01", "ends_on": "", "source": "Registry, May 3",
    } | values  # fmt: skip


def test_a_standing_is_recorded_and_ended(desk, house):
    provider = house.stage.raters.mentor
    assert desk.done("provider", provider.uuid, data=standing()) == [
        "success: The standing is recorded. Each session counts by its own date."
    ]
    row = Standing.objects.get(person=provider, code="IMHS")
    assert (row.recorded_by, row.source, row.ends_on) == (house.coordinator, "Registry, May 3", None)

    assert desk.done("standing_end", provider.uuid, row.uuid, data={"ends_on": "2026-03-31"}) == [
        "success: The standing ends on that day. Sessions up to and including it still count."
    ]
    row.refresh_from_db()
    assert row.ends_on == datetime.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"ends_on": "2023-01-01"}, "ends_on"),
        ({"starts_on": "2024-02-31"}, "starts_on"),
        ({"code": "NOPE"}, "code"),
        ({"kind": "emerging"}, "__all__"),
        ({"source": "x" * 201}, "source"),
    ],
)
def test_an_odd_standing_is_refused_by_the_field(desk, house, values, place):
    provider = house.stage.raters.mentor
    before = Standing.objects.count()
    response = desk.post("provider", provider.uuid, data=standing(**values))
    assert (response.status_code, list(errors_of(response))) == (422, [place])
    assert Standing.objects.count() == before


def test_a_standing_does_not_end_before_it_begins_nor_for_another_person(desk, house):
    row, provider = house.standing, house.standing.person
    early = desk.post("standing_end", provider.uuid, row.uuid, data={"ends_on": "1999-01-01"})
    assert (early.status_code, bool(errors_of(early))) == (422, True)
    assert Standing.objects.get(pk=row.pk).ends_on is None
    other = Standing.objects.exclude(person=provider).first()
    assert desk.post("standing_end", provider.uuid, other.uuid, data={"ends_on": "2026-01-01"}).status_code == 404


# --- mail ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "act", "after", "word"),
    [
        ("new", "hold", "held", "It is held until you release it."),
        ("held", "release", "new", "It goes out now."),
        ("held", "skip", "skipped", "It will not go out."),
        ("new", "skip", "skipped", "It will not go out."),
        ("dead", "retry", "new", "It is tried again."),
        ("uncertain", "resend", "new", "It goes out once more."),
        ("uncertain", "sent", "sent", "It is marked as sent."),
    ],
)
def test_a_message_is_handled(desk, house, state, act, after, word):
    due = timezone.now() + datetime.timedelta(days=2)
    OutgoingMessage.objects.filter(pk=house.message.pk).update(state=state, due_at=due, sent_at=None)
    assert desk.done("message_act", house.message.uuid, act) == [f"success: {word}"]
    assert OutgoingMessage.objects.get(pk=house.message.pk).state == after


def test_a_message_that_moved_on_stays_where_it_is(desk, house):
    OutgoingMessage.objects.filter(pk=house.message.pk).update(state="sent", sent_at=timezone.now())
    [word] = desk.done("message_act", house.message.uuid, "hold")
    assert word.startswith("error: This message has moved on")
    assert OutgoingMessage.objects.get(pk=house.message.pk).state == "sent"


# --- cohorts ---------------------------------------------------------------------------------------------------------


def quarter(**values):
    return {
        "name": "Winter 2031", "year": 2031, "season": "winter", "time_zone": "America/Chicago",
        "opens": "2030-11-04T09:00", "closes": "2030-12-20T23:59", "deadline": "2031-03-28T17:00",
        "review_ends_on": "2031-06-13", "capacity": 14, "welcome": "Welcome!",
    } | values  # fmt: skip


def test_a_cohort_is_made_and_published(desk, house):
    from cohorts.models import Cohort

    response = desk.post("cohort_new", data=quarter())
    assert response.status_code == 302, errors_of(response)
    made = Cohort.objects.get(name="Winter 2031")
    assert (made.association, made.published_at, made.capacity) == (house.home, None, 14)
    assert "Publish this cohort" in desk.get("cohort", made.uuid)
    assert desk.done("cohort_publish", made.uuid) == [
        "success: Winter 2031 is published. Seats can be taken when enrollment opens."
    ]
    made.refresh_from_db()
    assert made.published_at is not None
    [refused] = desk.done("cohort_publish", made.uuid)
    assert refused.startswith("error: ")


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"closes": "2030-10-01T09:00"}, None),
        ({"opens": "soon"}, "opens"),
        ({"opens": "2030-13-40T99:00"}, "opens"),
        ({"deadline": "2031-03-09T02:30"}, None),
        ({"capacity": "10" * 40}, "capacity"),
        ({"year": "-5"}, "year"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": ""}, "name"),
    ],
)
def test_odd_dates_are_said_and_everything_typed_is_kept(desk, house, values, place):
    from cohorts.models import Cohort

    before = Cohort.objects.count()
    response = desk.post("cohort_new", data=quarter(**values))
    errors = errors_of(response)
    assert response.status_code == 422
    assert errors
    assert place is None or place in errors
    assert "Welcome!" in response.content.decode()
    assert Cohort.objects.count() == before


def test_the_form_proposes_the_next_quarter(desk):
    page = desk.get("cohort_new")
    assert 'name="opens"' in page
    assert 'value="14"' in page


# --- decisions -------------------------------------------------------------------------------------------------------


def test_a_recorded_decision_is_released_once(desk, house):
    assert "What the applicant will read" in desk.get("decisions")
    assert desk.done("decision_act", house.decision.uuid, "release") == [
        "success: The decision is released and the applicant is told."
    ]
    judged = Application.objects.get(pk=house.decision.application.pk)
    assert judged.status == Status.ENDORSED
    assert Endorsement.objects.filter(person=judged.person).count() == 1
    assert desk.post("decision_act", house.decision.uuid, "release").status_code == 404


def test_a_recorded_decision_is_discarded(desk, house):
    assert desk.done("decision_act", house.decision.uuid, "discard") == [
        "success: The decision is discarded. Nothing was sent."
    ]
    row = Decision.objects.get(pk=house.decision.pk)
    assert (row.discarded_at is not None, row.released_at) == (True, None)
    assert Application.objects.get(pk=row.application.pk).status == Status.REVIEWED


def test_a_release_that_the_rules_no_longer_allow_says_why(desk, house):
    Application.objects.filter(pk=house.decision.application.pk).update(status=Status.UNDER_REVIEW)
    [word] = desk.done("decision_act", house.decision.uuid, "release")
    assert word.startswith("error: ")
    assert Decision.objects.get(pk=house.decision.pk).released_at is None


# --- the registry ----------------------------------------------------------------------------------------------------


def test_an_endorsement_lapses_is_reinstated_and_removed(desk, house):
    row = house.endorsement
    page = desk.get("endorsement", row.uuid)
    assert ("Let it lapse" in page, "Reinstate it" in page, "Remove it" in page) == (True, False, True)

    assert desk.done("endorsement_act", row.uuid, "lapse", data={"reason": "Not renewed."}) == [
        "success: The endorsement lapsed."
    ]
    page = desk.get("endorsement", row.uuid)
    assert ("Let it lapse" in page, "Reinstate it" in page) == (False, True)
    assert "Not renewed." in page

    twice = desk.post("endorsement_act", row.uuid, "lapse", data={"reason": "Not renewed."})
    assert errors_of(twice) == {"__all__": ["This endorsement has ended already."]}

    back = {"reason": "Renewed late.", "valid_until": day(300).isoformat()}
    assert desk.done("endorsement_act", row.uuid, "reinstate", data=back) == [
        "success: The endorsement is active again."
    ]
    assert Endorsement.objects.get(pk=row.pk).valid_until == day(300)

    assert desk.done("endorsement_act", row.uuid, "remove", data={"reason": "A sanction."}) == [
        "success: The endorsement is removed from the registry."
    ]
    assert Endorsement.objects.get(pk=row.pk).removed_at is not None
    assert [event.kind for event in row.events.all()] == ["granted", "lapsed", "reinstated", "removed"]
    page = desk.get("endorsement", row.uuid)
    assert ("Reinstate it" in page, "Remove it" in page) == (True, False)


@pytest.mark.parametrize(
    ("act", "data", "place"),
    [
        ("lapse", {"reason": ""}, "reason"),
        ("reinstate", {"reason": "Renewed.", "valid_until": "2026-02-30"}, "valid_until"),
        ("reinstate", {"reason": "Renewed.", "valid_until": "2030-01-01"}, "__all__"),
        ("remove", {"reason": "x" * 501}, "reason"),
    ],
)
def test_a_change_without_its_words_is_refused(desk, house, act, data, place):
    response = desk.post("endorsement_act", house.endorsement.uuid, act, data=data)
    assert (response.status_code, list(errors_of(response))) == (422, [place])
    assert house.endorsement.events.count() == 1


def test_the_registry_shows_what_an_endorsement_is_today(desk, house):
    assert "Active" in desk.get("registry", search="gréta", category="IFS")
    Endorsement.objects.get(pk=house.endorsement.pk)
    desk.done("endorsement_act", house.endorsement.uuid, "remove", data={"reason": "A sanction."})
    assert "Removed" in desk.get("registry")


def test_words_of_an_act_are_said_once(desk, house):
    response = desk.post("membership_confirm", house.membership.uuid)
    assert len(said(response)) == 1
