"""Every page of the desk opens, answers odd addresses, and does not know another association's rows."""

import datetime
import uuid

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from applications.models import ReviewAssignment
from cohorts.models import Cohort
from coordination.queries.audit import thing
from endorsement_portal.outbox.models import InAppMessage
from endorsement_portal.web.dates import day_in
from tests.factories.members import StaffRoleFactory

LISTS = [
    "today", "cohorts", "people", "applications", "memberships", "references", "supervision", "reviews", "decisions",
    "registry", "outbox", "audit", "standards",
]  # fmt: skip
ODD = [
    {"search": "\x00"},
    {"search": "x" * 300},
    {"search": "%_'\"<b>"},
    {"state": "no-such-state", "status": "\x00", "category": "ZZZ", "cohort": "not-a-uuid", "order": "random()"},
    {"cohort": str(uuid.uuid4()), "edition": "\x00", "page": "-1"},
    {"page": "99999999999999999999999"},
    {"page": "two"},
    {"state": ["sent", "skipped"]},
]
ROWS = {
    "cohort": "cohort.uuid",
    "person": "owner.uuid",
    "application": "application.uuid",
    "application_ratings": "application.uuid",
    "membership_proof": "membership.uuid",
    "membership_refuse": "membership.uuid",
    "provider": "stage.raters.mentor.uuid",
    "endorsement": "endorsement.uuid",
}
POSTS = {
    "cohort_publish": ("cohort.uuid",),
    "application_act": ("application.uuid", "'message"),
    "membership_confirm": ("membership.uuid",),
    "membership_refuse": ("membership.uuid",),
    "reference_vet": ("reference.uuid",),
    "reference_resend": ("asked.uuid",),
    "standing_end": ("stage.raters.mentor.uuid", "standing.uuid"),
    "provider": ("stage.raters.mentor.uuid",),
    "decision_act": ("decision.uuid", "'release"),
    "endorsement_act": ("endorsement.uuid", "'lapse"),
    "message_act": ("message.uuid", "'hold"),
}


def value(house, path):
    if path.startswith("'"):
        return path[1:]
    found = house
    for name in path.split("."):
        found = getattr(found, name)
    return found


@pytest.mark.parametrize("name", LISTS)
def test_a_list_opens(desk, name):
    assert "<h1" in desk.get(name)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_a_list_answers_odd_addresses(desk, name, query):
    desk.get(name, **query)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_an_association_without_anything_teaches(elsewhere, name):
    page = elsewhere.get(name, search="nobody of this name")
    assert "<h1" in page


@pytest.mark.parametrize("name", ROWS)
def test_a_page_of_a_row_opens_here_and_nowhere_else(desk, elsewhere, house, name):
    row = value(house, ROWS[name])
    desk.get(name, row)
    elsewhere.get(name, row, answers=404)
    desk.get(name, uuid.uuid4(), answers=404)


@pytest.mark.parametrize("name", POSTS)
def test_an_act_on_another_associations_row_does_not_exist(elsewhere, house, name):
    from endorsement_portal.audit.models import AuditEvent

    before = AuditEvent.objects.count()
    args = [value(house, path) for path in POSTS[name]]
    assert elsewhere.post(name, *args).status_code == 404
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", ["application_act", "decision_act", "endorsement_act", "message_act"])
def test_an_act_nobody_knows_does_not_exist(desk, house, name):
    row = value(house, POSTS[name][0])
    assert desk.post(name, row, "conjure").status_code == 404


def test_files_are_given_to_the_desk_alone(desk, elsewhere, house):
    file = house.evidence.file.uuid
    desk.get("application_evidence", house.application.uuid, file)
    desk.get("application_evidence", house.draft.uuid, file, answers=404)
    desk.get("application_evidence", house.application.uuid, uuid.uuid4(), answers=404)
    elsewhere.get("application_evidence", house.application.uuid, file, answers=404)


def test_a_packet_is_given_once_it_is_ready(desk, house):
    args = (house.application.uuid, house.packet.uuid)
    desk.get("application_packet", *args, answers=404)
    house.packet.file, house.packet.state = house.evidence.file, "ready"
    house.packet.sha256 = house.evidence.file.sha256
    house.packet.save()
    desk.get("application_packet", *args)
    desk.get("application_packet", house.draft.uuid, house.packet.uuid, answers=404)
    assert reverse("coordination:application_packet", args=["xx-pr", *args]) in desk.get(
        "application", house.application.uuid
    )


def test_a_membership_without_a_proof_has_none_to_show(desk, house):
    house.membership.proof = None
    house.membership.save()
    desk.get("membership_proof", house.membership.uuid, answers=404)


def test_filters_narrow_and_stay_in_the_address(desk, house):
    page = desk.get("applications", search="Samir", status="under_review", category="IFS", cohort=house.cohort.uuid)
    assert "Samir Birchwell" in page
    assert "Tomas Wrenfield" not in page
    assert '<option value="under_review" selected>' in page
    assert "Samir Birchwell" not in desk.get("applications", status="draft")


def test_a_person_is_found_by_reference_number(desk, house):
    page = desk.get("people", search=house.application.reference_number)
    assert "Samir Birchwell" in page
    assert "Tomas Wrenfield" not in page


def test_the_cohort_lists_who_sits_there_and_its_dates_in_order(desk, house):
    page = desk.get("cohort", house.cohort.uuid, search="samir")
    assert "Samir Birchwell" in page
    assert "Tomas Wrenfield" not in page
    places = [page.index(words) for words in ("Enrollment opens", "Application submitted", "Review ends")]
    assert places == sorted(places)


def test_today_says_what_waits_and_confirms_in_place(desk, house):
    page = desk.get("today")
    assert date_format(day_in(timezone.now(), house.home.settings.time_zone), "D, F j, Y") in page
    assert "Confirm the membership of Samir Birchwell" in page
    assert reverse("coordination:membership_confirm", args=["xx-pr", house.membership.uuid]) in page
    assert "Release the decision about Esperanza Hazelgate" in page


def test_today_leads_to_the_page_of_a_reported_post(desk, house):
    from cohorts.actions import moderation

    moderation.report(post=house.post, by=house.peer.user, reason="A family could be recognized.")
    page = desk.get("today")
    address = reverse("cohorts:post_hide", args=[house.post.uuid])
    assert address in page
    assert desk.client.get(address).status_code == 200
    hidden = desk.client.post(address, {"act": "hide", "reason": "A family could be recognized."})
    assert hidden.status_code == 302
    house.post.refresh_from_db()
    assert house.post.hidden_at is not None
    assert address not in desk.get("today")


def test_the_rail_leads_to_ones_messages_and_home(desk, house):
    for key in ("one", "two"):
        InAppMessage.objects.create(
            user=house.coordinator, key=key, kind="message", subject="A word", body="Hello.", created_at=timezone.now()
        )
    page = desk.get("applications")
    rail = page.partition("<nav")[2].partition("</nav>")[0]
    assert f'href="{reverse("home")}"' in rail
    assert "Your own home" in rail
    inbox = rail.partition(f'href="{reverse("outbox:inbox")}"')[2].partition("</a>")[0]
    assert ("Messages" in inbox, '<span class="num">2<' in inbox) == (True, True)
    queue = f'href="{reverse("reviews:queue")}"'
    assert queue not in rail
    StaffRoleFactory(user=house.coordinator, association=house.home, role="reviewer")
    assert queue in desk.get("applications")


def test_what_waits_stands_before_what_is_done(desk, house):
    """Memberships to confirm, references without an answer, reviews not sent yet, whatever their dates."""
    names = [row.state for row in desk.client.get(reverse("coordination:memberships", args=["xx-pr"])).context["page"]]
    assert names[0] == "pending"
    assert set(names[1:]) == {"confirmed"}
    states = [row.state for row in desk.client.get(reverse("coordination:references", args=["xx-pr"])).context["page"]]
    assert states == sorted(states, key=lambda state: state == "received")
    assert set(states) == {"asked", "received"}
    ReviewAssignment.objects.filter(state="submitted").update(due_on="2020-01-01")
    states = [row.state for row in desk.client.get(reverse("coordination:reviews", args=["xx-pr"])).context["page"]]
    assert states == ["assigned", "submitted", "submitted"]


def test_a_deadline_that_has_passed_is_no_alarm_in_the_list_of_cohorts(desk, house):
    page = desk.get("cohorts")
    assert "days left" in page
    back = {
        name: F(name) - datetime.timedelta(days=200) for name in ("opens_at", "closes_at", "submission_deadline_at")
    }
    Cohort.objects.filter(pk=house.cohort.pk).update(**back)
    page = desk.get("cohorts")
    assert house.cohort.name in page
    assert ("days left" in page, "deadline--late" in page) == (False, False)


def test_a_due_date_says_its_weekday_and_the_days_left(desk, house):
    today = day_in(timezone.now(), "America/Chicago")
    ReviewAssignment.objects.filter(state="assigned").update(due_on=today + datetime.timedelta(days=3))
    for page in (desk.get("reviews"), desk.get("application", house.application.uuid)):
        assert f"{date_format(today + datetime.timedelta(days=3), 'D, F j, Y')}</time>, 3 days left" in page


def test_the_history_speaks_plainly(desk, house):
    page = desk.get("audit", search="rating received")
    assert "Rating received" in page
    assert "by private link" in page
    assert "rating.received" not in page
    assert "applications.reference" not in page
    assert "Cohort published" not in page


def test_a_thing_that_is_no_longer_known_keeps_its_name():
    assert thing("applications.application") == "application"
    assert thing("applications.gone") == "applications.gone"
    assert thing("") == ""


def test_the_history_names_who_acted(desk, house):
    page = desk.get("audit", search="cohort.published")
    assert "Linnea Rivermoss" in page
    assert "application.frozen" not in page


def test_the_standards_show_each_rule_of_a_category(desk):
    page = desk.get("standards", category="imhs", edition="iecmh-2025")
    assert "Infant Mental Health" in page or "IMHS" in page
    assert 'aria-current="page">IMHS' in page
