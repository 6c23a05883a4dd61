"""Files of entries: kept, replaced, taken off, given out to their owner only."""

import datetime
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competencies.actions import evidence as actions
from competencies.enums import EntryKind
from competencies.forms.evidence import EvidenceForm
from competencies.models import Evidence, Export
from competencies.queries import portfolio as queries
from competencies.rules import Permission
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.files import previews
from endorsement_portal.files.intake import Refused
from endorsement_portal.files.models import ScanState, StoredFile
from endorsement_portal.web.permissions import can
from endorsement_portal.workflow import NotAllowed
from tests.competencies.uploads import photo, web_page
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)

pytestmark = pytest.mark.django_db
GONE = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)


@pytest.fixture
def training(applicant):
    return TrainingFactory(person=applicant)


def reasons(caught) -> list[str]:
    return [finding.requirement for finding in caught.value.findings]


def attach(entry, **more):
    return actions.attach(entry=entry, upload=photo(), by=entry.person.user, **more)


@pytest.mark.parametrize(
    ("factory", "owner"),
    [
        (EducationFactory, "education"),
        (ProfessionalLicenseFactory, "professional_license"),
        (WorkFactory, "work"),
        (TrainingFactory, "training"),
        (SupervisionFactory, "supervision"),
    ],
)
def test_a_file_belongs_to_one_entry(applicant, factory, owner):
    entry = factory(person=applicant)
    evidence = attach(entry, document_type="certificate")
    assert (getattr(evidence, owner), evidence.person, evidence.document_type) == (entry, applicant, "certificate")
    assert (list(queries.files_of(entry)), evidence.owner) == ([evidence], entry)
    assert AuditEvent.objects.get(verb="portfolio.file_added").data == {"sha256": evidence.file.sha256}


def test_several_files_stand_in_the_list(training):
    attach(training)
    attach(training)
    row = queries.listed(training.person.user, EntryKind.TRAINING, queries.Filters()).get()
    assert row.file_count == 2


def test_replacing_makes_a_new_file_and_keeps_the_old_blob(training):
    first = attach(training)
    second = attach(training, replaces=first)
    first.refresh_from_db()
    assert (list(queries.files_of(training)), first.withdrawn_at is None) == ([second], False)
    assert StoredFile.objects.filter(pk__in=[first.file_id, second.file_id]).count() == 2


def test_withdrawing_twice_is_one_act(training):
    evidence = attach(training)
    for _ in range(2):
        actions.withdraw(evidence=evidence, by=training.person.user)
    assert (evidence.withdrawn_at is None, AuditEvent.objects.filter(verb="portfolio.file_withdrawn").count()) == (
        False,
        1,
    )


def test_bad_file_keeps_nothing(training):
    with pytest.raises(Refused):
        actions.attach(entry=training, upload=web_page(), by=training.person.user)
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_another_persons_entry_is_refused(training, other_applicant):
    evidence = attach(training)
    for act in (
        lambda: actions.attach(entry=training, upload=photo(), by=other_applicant.user),
        lambda: actions.withdraw(evidence=evidence, by=other_applicant.user),
    ):
        with pytest.raises(NotAllowed) as caught:
            act()
        assert reasons(caught) == ["not_yours"]


def test_withdrawn_entry_takes_no_file(applicant):
    with pytest.raises(NotAllowed) as caught:
        attach(TrainingFactory(person=applicant, withdrawn_at=GONE))
    assert reasons(caught) == ["entry_withdrawn"]


def test_an_entry_holds_only_so_many_files(training, monkeypatch):
    monkeypatch.setattr(actions, "FILES_PER_ENTRY_MAX", 1)
    first = attach(training)
    with pytest.raises(NotAllowed) as caught:
        attach(training)
    assert (reasons(caught), attach(training, replaces=first).pk > first.pk) == (["too_many_files"], True)


def test_only_the_owner_reads(training, other_applicant, coordinator):
    evidence = attach(training)
    readers = [training.person.user, other_applicant.user, coordinator]
    assert [can(user, Permission.EVIDENCE_READ, evidence) for user in readers] == [True, False, False]


# --- pages --------------------------------------------------------------------------------------------------------


def add_address(entry):
    return reverse("portfolio:evidence_add", args=[entry.kind, entry.uuid])


def test_upload_is_a_save_of_its_own(client, training):
    client.force_login(training.person.user)
    answer = client.post(add_address(training), {"document": photo(), "document_type": "certificate"})
    page = client.get(answer.url)
    evidence = Evidence.objects.get()
    assert (answer.status_code, evidence.document_type, evidence.training) == (302, "certificate", training)
    assert answer.url == f"{reverse('portfolio:edit', args=['training', training.uuid])}#files"
    assert evidence.file.name in page.content.decode()


def test_refused_file_says_why_and_keeps_the_entry_as_typed(client, training):
    client.force_login(training.person.user)
    answer = client.post(add_address(training), {"document": web_page(), "document_type": "certificate"})
    assert (answer.status_code, Evidence.objects.count()) == (422, 0)
    assert list(answer.context["file_form"].errors) == ["document"]
    assert "<title>Error:" in answer.content.decode()


def test_missing_file_and_full_entry_are_answered(client, training, monkeypatch):
    client.force_login(training.person.user)
    missing = client.post(add_address(training), {})
    monkeypatch.setattr(actions, "FILES_PER_ENTRY_MAX", 0)
    full = client.post(add_address(training), {"document": photo()})
    assert list(missing.context["file_form"].errors) == ["document"]
    assert full.context["file_form"].non_field_errors() == [
        "This entry already has 0 files. Remove one that you no longer need."
    ]


def test_refused_at_storing_stands_by_the_field(client, training, settings):
    settings.UPLOAD_TOTAL_BYTES_MAX = 1
    client.force_login(training.person.user)
    answer = client.post(add_address(training), {"document": photo()})
    assert list(answer.context["file_form"].errors) == ["document"]


def test_replace_on_the_page(client, training):
    first = attach(training)
    client.force_login(training.person.user)
    client.post(add_address(training), {"document": photo("new.png"), "replaces": str(first.uuid)})
    assert [evidence.file.name for evidence in queries.files_of(training)] == ["new.png"]


def test_download_is_an_attachment_for_the_owner_only(client, training, other_applicant):
    evidence = attach(training)
    address = reverse("portfolio:evidence", args=[evidence.uuid])
    anonymous = client.get(address)
    client.force_login(other_applicant.user)
    stranger = client.get(address)
    client.force_login(training.person.user)
    own = client.get(address)
    assert (anonymous.status_code, stranger.status_code, own.status_code) == (302, 404, 200)
    assert own["Content-Disposition"] == 'attachment; filename="certificate.png"'
    assert b"".join(own.streaming_content)[:4] == b"\x89PNG"


def test_the_preview_is_for_the_owner_only(client, training, other_applicant):
    evidence = attach(training)
    address = reverse("portfolio:evidence_preview", args=[evidence.uuid])
    client.force_login(training.person.user)
    before = client.get(address).status_code
    previews.draw(str(evidence.file.uuid))
    own = client.get(address)
    pictured = b"".join(own.streaming_content)[:2] == b"\xff\xd8"
    entry_page = client.get(reverse("portfolio:edit", args=["training", training.uuid])).content.decode()
    client.force_login(other_applicant.user)
    assert (before, own.status_code, pictured, f'src="{address}"' in entry_page) == (404, 200, True, True)
    assert (own["Cache-Control"], client.get(address).status_code) == ("no-store, private", 404)


# --- the list of all files ----------------------------------------------------------------------------------------
FILES = reverse("portfolio:files")


def names(client, **filters) -> list[str]:
    return [evidence.file.name for evidence in client.get(FILES, filters).context["page"]]


def test_every_file_of_every_entry_stands_in_one_list(client, applicant, other_applicant):
    actions.attach(entry=TrainingFactory(person=applicant, title="Play"), upload=photo("a.png"), by=applicant.user)
    actions.attach(entry=WorkFactory(person=applicant, title="Visits"), upload=photo("b.png"), by=applicant.user)
    taken = attach(EducationFactory(person=applicant))
    actions.withdraw(evidence=taken, by=applicant.user)
    attach(TrainingFactory(person=other_applicant))
    client.force_login(applicant.user)
    assert (names(client), names(client, kind="work"), names(client, q="PLAY")) == (
        ["b.png", "a.png"],
        ["b.png"],
        ["a.png"],
    )
    assert (names(client, q="nothing like it"), names(client, kind="nonsense")) == ([], ["b.png", "a.png"])


def test_room_and_ways_on_stand_on_the_list(client, training):
    client.force_login(training.person.user)
    empty = client.get(FILES).content.decode()
    evidence = attach(training)
    full = client.get(FILES).content.decode()
    used = f"{evidence.file.size}\xa0bytes of 1.0\xa0GB used."
    assert ("No file yet" in empty, "0\xa0bytes of 1.0\xa0GB used." in empty, used in full) == (True, True, True)
    assert f"{reverse('portfolio:edit', args=['training', training.uuid])}#files" in full


def test_a_file_held_back_says_why_and_has_no_link(client, training):
    evidence = attach(training)
    StoredFile.objects.update(scan_state=ScanState.QUARANTINED)
    client.force_login(training.person.user)
    address = reverse("portfolio:evidence", args=[evidence.uuid])
    page, answer = client.get(FILES).content.decode(), client.get(address)
    assert ("The virus check holds it back." in page, f'href="{address}"' in page) == (True, False)
    words = "The virus check found something in this file, so nobody can open it."
    assert (answer.status_code, words in answer.content.decode()) == (409, True)


def test_removing_from_the_list_leads_back_to_it_and_makes_room(client, training):
    evidence = attach(training)
    client.force_login(training.person.user)
    answer = client.post(reverse("portfolio:evidence_withdraw", args=[evidence.uuid]), {"back": "list"})
    assert (answer.url, client.get(FILES).context["space"].used) == (FILES, 0)


def test_the_list_costs_the_same_for_one_and_thirty(client, training):
    client.force_login(training.person.user)
    stored = attach(training).file
    previews.draw(str(stored.uuid))
    client.get(FILES)  # notes the first visit
    counts = []
    for more in (0, 24):
        entries = [TrainingFactory(person=training.person) for _ in range(more)]
        for entry in entries:
            Evidence.objects.create(person=training.person, file=stored, training=entry)
        with CaptureQueriesContext(connection) as made:
            assert len(client.get(FILES).context["page"]) == more + 1
        counts.append(len(made))
    assert counts == [9, 9]


def test_all_files_as_one_zip(client, training, django_capture_on_commit_callbacks):
    attach(training)
    client.force_login(training.person.user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("portfolio:own_data_make"), {"contents": "files"})
    export = Export.objects.get()
    with export.file.content.open() as handle, zipfile.ZipFile(handle) as made:
        assert made.namelist() == ["files/0001-certificate.png", "sheets/files.csv"]
    assert (export.contents, export.files, export.file.name[:6]) == ("files", 1, "files-")
    assert "Files only" in client.get(reverse("portfolio:own_data")).content.decode()


def test_withdraw_on_the_page(client, training, other_applicant):
    evidence = attach(training)
    address = reverse("portfolio:evidence_withdraw", args=[evidence.uuid])
    client.force_login(other_applicant.user)
    stranger = client.post(address)
    client.force_login(training.person.user)
    answers = [client.get(address).status_code, client.post(address).status_code, client.post(address).status_code]
    assert (stranger.status_code, answers) == (404, [405, 302, 404])
    assert client.get(reverse("portfolio:evidence", args=[evidence.uuid])).status_code == 404


def test_refusal_of_the_action_is_said(client, training, monkeypatch):
    evidence = attach(training)

    def refuse(**_):
        raise NotAllowed.because("no", "Not now.")

    monkeypatch.setattr(actions, "withdraw", refuse)
    client.force_login(training.person.user)
    answer = client.post(reverse("portfolio:evidence_withdraw", args=[evidence.uuid]), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Not now."]


def test_files_of_another_kind_or_person_are_not_found(client, training, other_applicant):
    client.force_login(other_applicant.user)
    strange = client.post(add_address(training), {"document": photo()})
    client.force_login(training.person.user)
    wrong_kind = client.post(reverse("portfolio:evidence_add", args=["work", training.uuid]), {"document": photo()})
    assert (strange.status_code, wrong_kind.status_code) == (404, 404)


def test_kinds_ask_for_the_documents_that_rules_name():
    asked = {kind: EvidenceForm(kind=kind).fields["document_type"].initial for kind in EntryKind}
    assert asked == {
        EntryKind.EDUCATION: "transcript",
        EntryKind.LICENSE: "license",
        EntryKind.WORK: "resume",
        EntryKind.TRAINING: "certificate",
        EntryKind.SUPERVISION: "",
    }
