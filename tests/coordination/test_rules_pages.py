"""The desk's pages about rules: compare, upload with faults, settings, whom it concerns, in force."""

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.actions import rule_change_jobs
from applications.models import RuleChange
from competencies.models import Edition, Overlay
from competencies.queries.standards import current_overlay
from endorsement_portal.outbox.models import OutgoingMessage
from tests.applications.change_desk import bundle, counted, editor_of, keeper_of, plant, raw
from tests.coordination.conftest import errors_of, said
from tests.house.world import second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def planted(association, other_association):
    made = plant(association, other_association, editor_of(association), keeper_of(association))
    second_factor(made.editor, made.keeper)
    return made


@pytest.fixture
def open_page(planted):
    def opened(name, *args, user=None, method="get", **data):
        client = Client()
        client.force_login(user or planted.editor)
        return getattr(client, method)(reverse(f"coordination:{name}", args=["xx-pr", *args]), data)

    return opened


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("edition.json", content, content_type="application/json")


def test_an_upload_names_each_fault_and_keeps_nothing(open_page):
    broken = bundle()
    broken["categories"]["ruleset"]["effective_from"] = "2026-13-01"
    broken["categories"]["categories"][1]["requirements"][2]["params"]["min"] = {"value": -3, "unit": "days"}
    response = open_page("edition_upload", method="post", file=upload(raw(broken)))
    assert response.status_code == 422
    place = "categories.json $.categories[1].requirements[2].params.min"
    assert errors_of(response)["file"] == [
        f"{place}.unit: 'days' is not one of ['clock_hours', 'minutes']",
        f"{place}.value: -3 is less than the minimum of 0",
    ]
    broken["categories"]["categories"][1]["requirements"][2]["params"]["min"] = {"value": 30, "unit": "clock_hours"}
    response = open_page("edition_upload", method="post", file=upload(raw(broken)))
    assert errors_of(response)["file"] == ["categories.json $.ruleset.effective_from: there is no such day"]
    assert (RuleChange.objects.count(), Edition.objects.count()) == (0, 1)


def test_an_edition_from_its_upload_to_the_note(planted, open_page):
    response = open_page("edition_upload", method="post", file=upload(raw()))
    change = RuleChange.objects.get()
    assert response["Location"] == reverse("coordination:rule_change", args=["xx-pr", change.uuid])
    rule_change_jobs.work_on_pending()
    page = open_page("rule_change", change.uuid).content.decode()
    assert "<del>24 h</del>" in page
    assert "<ins>30 h</ins>" in page
    assert "Person 05" in page
    assert "Person 11" not in page
    assert "An operator of this installation puts it in force" in page
    refused = open_page("rule_change", change.uuid, method="post", effective_from="2026-09-01")
    assert refused.status_code == 422
    change.refresh_from_db()
    assert change.open
    later = datetime.date.today() + datetime.timedelta(days=40)
    done = open_page("rule_change", change.uuid, method="post", user=planted.keeper, effective_from=later.isoformat())
    assert done.status_code == 302
    assert said(done) == ["success: It is in force from its first day on. Everybody whom it concerns gets a note."]
    rule_change_jobs.work_on_pending()
    change.refresh_from_db()
    assert (change.edition.effective_from, change.told) == (later, 6)
    assert OutgoingMessage.objects.filter(kind="rules_changed").count() == 6
    assert "In force, everybody told" in open_page("rule_change", change.uuid).content.decode()
    beside = open_page("compare").content.decode()
    assert "<del>24 h</del>" in beside
    assert "Working rule set, fall 2026" in open_page("standards").content.decode()


def test_settings_are_proposed_counted_and_put_in_force(planted, open_page, association):
    form = open_page("rule_settings").context["form"]
    data = {name: value for name, value in form.initial.items() if value not in (None, "")}
    data |= {
        "max_group_size": "5", "vetted_until": "2027-12-31", "coverage": "block", "membership_through_review": "yes",
        "name_ifs": "Infant Family Practitioner", "dei_ifa": "3 h", "dei_ifs": "0", "fee_registration": "25",
        "currency": "usd",
    }  # fmt: skip
    response = open_page("rule_settings", method="post", **data)
    assert response.status_code == 302, errors_of(response)
    change = RuleChange.objects.get()
    assert change.content == {
        "max_group_size": 5, "vetted_until": "2027-12-31", "coverage": "block", "membership_through_review": True,
        "names": {"IFS": "Infant Family Practitioner"}, "dei_minutes": {"IFA": 180, "IFS": 0},
        "fees": [{"fee": "registration", "amount": 25, "currency": "USD"}],
    }  # fmt: skip
    rule_change_jobs.work_on_pending()
    page = open_page("rule_change", change.uuid).content.decode()
    assert "Largest group" in page
    assert "Infant Family Practitioner" in page
    assert Overlay.objects.count() == 0
    assert open_page("rule_change", change.uuid, method="post").status_code == 302
    overlay = current_overlay(association, Edition.objects.get())
    assert (overlay.version, overlay.data) == (1, change.content)
    assert "Version 1 is in force" in open_page("rule_settings").content.decode()
    again = open_page("rule_settings", method="post", **data)
    assert (again.status_code, errors_of(again)["__all__"]) == (
        422, ["These are the settings in force. Change something first."]
    )  # fmt: skip


def test_the_list_of_proposals_filters_and_teaches(planted, open_page):
    assert "Nothing is proposed here" in open_page("rule_changes").content.decode()
    counted(planted)
    assert "Working rule set, fall 2026" in open_page("rule_changes").content.decode()
    assert "Working rule set" not in open_page("rule_changes", state="published").content.decode()
    assert "Working rule set" not in open_page("rule_changes", search="winter").content.decode()


def test_the_file_of_an_edition_uploads_again(open_page):
    response = open_page("edition_file", "iecmh-2025")
    content = json.loads(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="iecmh-2025.json"'
    same = open_page("edition_upload", method="post", file=upload(json.dumps(content).encode()))
    words = "An edition named iecmh-2025 is published already, and it never changes."
    assert errors_of(same)["file"] == [f"{words} Give the changed rules a new ruleset id."]
    assert open_page("edition_file", "no-such").status_code == 404
