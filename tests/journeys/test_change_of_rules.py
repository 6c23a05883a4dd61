"""A change of the rules from the file to the people: refused, mended, read, counted, put in force, and told."""

import datetime
import json

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications.actions import rule_change_jobs
from applications.models import RuleChange
from competencies.models import Category, Edition
from coordination.seeding import demo
from coordination.seeding.stories import account, user_of
from endorsement_portal.outbox.actions.delivery import deliver_due
from endorsement_portal.outbox.models import InAppMessage
from members.actions import staff
from members.enums import Role
from members.models import User
from tests.applications.change_desk import bundle
from tests.house.world import second_factor
from tests.journeys.traveler import Traveler

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(stage):
    user = demo.staff_of(stage.world, stage.association, "Edda Rulesmith", Role.STANDARDS_EDITOR)
    second_factor(user)
    return Traveler(user.person, stage)


@pytest.fixture
def operator(stage):
    person = account("Olin Gatewright")
    User.objects.filter(pk=user_of(person).pk).update(is_staff=True, is_superuser=True)
    staff.assign(user=user_of(person), association=stage.association, role=Role.STANDARDS_EDITOR, by=None)
    second_factor(user_of(person))
    person.refresh_from_db()
    return Traveler(person, stage)


def test_from_the_uploaded_file_to_the_note(stage, editor, operator):
    current = demo.quarter(stage.world, stage.association, stage.coordinator, 0)
    demo.gathering(stage, current)
    applicant = next(user.person for user, title, _words in stage.people if title == "Applicant, gathering")
    application = applicant.applications.get()
    planner = stage.account("Wren Ashdown", "Plans", "")
    stage.seat(planner, current, Category.objects.get(code="IFS"), days=-20)
    begins = timezone.localdate() + datetime.timedelta(days=60)
    slug = stage.association.slug

    def send(content: dict):
        upload = SimpleUploadedFile("edition.json", json.dumps(content).encode(), content_type="application/json")
        return editor.client.post(reverse("coordination:edition_upload", args=[slug]), {"file": upload})

    proposed = bundle(effective_from=begins.isoformat())
    broken = json.loads(json.dumps(proposed))
    broken["categories"]["categories"][1]["requirements"][0]["kind"] = "riddle"
    refused = send(broken)
    assert refused.status_code == 422
    assert "categories.json $.categories[1].requirements[0].kind" in refused.content.decode()
    assert RuleChange.objects.count() == 0

    assert send(proposed).status_code == 302
    change = RuleChange.objects.get()
    address = ("coordination:rule_change", slug, change.uuid)
    assert "Counting whom this concerns" in editor.go(*address)
    rule_change_jobs.work_on_pending()
    page = editor.go(*address)
    assert "<del>24 h</del>" in page
    assert "<ins>30 h</ins>" in page
    assert "Wren Ashdown" in page
    assert f"{application.reference_number} keeps the requirements it was started with." in page
    assert "only an operator" not in page
    assert editor.client.post(reverse(address[0], args=address[1:]), {"effective_from": begins}).status_code == 422

    report = Traveler(applicant, stage).go("gap", "ifs")
    operator.act(*address, data={"effective_from": begins.isoformat()})
    rule_change_jobs.work_on_pending()
    deliver_due()

    application.refresh_from_db()
    assert application.edition == Edition.objects.get(code="iecmh-2025")
    assert Traveler(applicant, stage).go("gap", "ifs").count("of 24 h") == report.count("of 24 h") > 0
    note = InAppMessage.objects.get(user=planner.user, kind="rules_changed")
    inbox = Traveler(planner, stage).go("outbox:read", note.uuid)
    assert "30 h are asked, before it was 24 h" in inbox
    letters = [message.subject for message in mail.outbox if planner.email in message.to[0]]
    assert letters.count("What the new requirements change for you") == 1
    stays = InAppMessage.objects.get(user=applicant.user, kind="rules_changed")
    assert f"Your open application {application.reference_number} stays" in stays.body
    deliver_due()
    rule_change_jobs.work_on_pending()
    assert InAppMessage.objects.filter(kind="rules_changed").count() == 2
