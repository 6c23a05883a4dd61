"""Logging fast, over HTTP without JavaScript: the next one at once, the last one again, undo, rows changed in place."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competencies.actions import portfolio, repeating
from competencies.enums import EntryKind
from competencies.models import Supervision, Training
from competencies.queries.portfolio import MODELS
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.web import drafts
from endorsement_portal.web.dates import day_in
from endorsement_portal.workflow import NotAllowed
from tests.factories.competencies import (
    EducationFactory,
    ProfessionalLicenseFactory,
    SupervisionFactory,
    TrainingFactory,
    WorkFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TYPED = {"title": "Reading the baby", "on": "2026-05-01", "minutes": "3 h"}
REPEAT = "/portfolio/supervision/repeat/"


@pytest.fixture
def member(client, applicant):
    client.force_login(applicant.user)
    return client


@pytest.fixture
def today(applicant):
    return day_in(timezone.now(), applicant.time_zone)


def at(name, entry):
    return reverse(f"portfolio:{name}", args=[entry.kind, entry.uuid])


def listed(kind):
    return reverse("portfolio:list", args=[kind])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


# --- Saved, the next one, undo --------------------------------------------------------------------


def test_the_list_carries_a_form_of_four_fields_with_todays_date(member, today):
    form = member.get(listed("training")).context["form"]
    assert (form.short, form["on"].value()) == (("title", "on", "minutes", "topics"), today)
    html = member.get(listed("training")).content.decode()
    assert [f'<option value="{length}">' in html for length in ("30 min", "1 h", "1 h 30 min", "2 h")] == [True] * 4
    assert 'list="usual-lengths"' in html


def test_what_was_saved_stands_on_top_with_change_and_undo(member):
    page = member.post(reverse("portfolio:add", args=["training"]), TYPED, follow=True)
    entry = Training.objects.get()
    html = page.content.decode()
    assert (page.context["saved"], at("edit", entry) in html, at("withdraw", entry) in html) == (entry, True, True)
    assert page.context["form"].fields["title"].widget.attrs["autofocus"] is True
    undone = member.post(at("withdraw", entry), {"back": "list"}, follow=True)
    assert (Training.objects.current().count(), "Taken back:" in undone.content.decode()) == (0, True)
    back = member.post(at("restore", entry), {"back": "list"}, follow=True)
    assert (Training.objects.current().count(), at("withdraw", entry) in back.content.decode()) == (1, False)


def test_save_and_add_another_has_the_cursor_in_the_first_field(member):
    page = member.post(reverse("portfolio:add", args=["training"]), TYPED | {"then": "another"}, follow=True)
    entry = Training.objects.get()
    assert page.redirect_chain == [(f"/portfolio/training/add/?saved={entry.uuid}", 302)]
    assert (page.context["saved"], page.context["form"].fields["title"].widget.attrs["autofocus"]) == (entry, True)


@pytest.mark.parametrize("named", ["x", "", "00000000-0000-0000-0000-000000000000"])
def test_an_odd_address_shows_nothing_as_saved(member, named):
    assert member.get(listed("training"), {"saved": named}).context.get("saved") is None


def test_anothers_entry_is_not_shown_as_saved(member, other_applicant):
    theirs = TrainingFactory(person=other_applicant)
    assert member.get(listed("training"), {"saved": str(theirs.uuid)}).context["saved"] is None


def test_a_form_sent_again_because_its_answer_was_lost_adds_nothing(member):
    address = reverse("portfolio:add", args=["training"])
    form = TYPED | {"_made_as": member.get(address).context["made_as"]}
    first = member.post(address, form)
    again = member.post(address, form)
    assert (again.url, Training.objects.count()) == (first.url, 1)
    member.post(address, form | {"title": "Gone back and typed another"})
    assert Training.objects.count() == 2
    entry = Training.objects.get(title=TYPED["title"])
    member.post(at("withdraw", entry))
    member.post(address, form)
    assert Training.objects.current().filter(title=TYPED["title"]).count() == 1


@pytest.mark.parametrize("name", ["", "x", "s-00000000000000-000000", "t-" + "f" * 60, "t-00000000000000-00000\n"])
def test_an_odd_name_of_a_form_does_no_harm(member, name):
    member.post(reverse("portfolio:add", args=["training"]), TYPED | {"_made_as": name})
    entry = Training.objects.get()
    assert (entry.title, entry.key != name, entry.key[:2]) == ("Reading the baby", True, "t-")


def test_a_kept_form_keeps_its_name(member, applicant):
    name = member.get(reverse("portfolio:add", args=["training"])).context["made_as"]
    drafts.save(user=applicant.user, form_key="training:new", data={"title": ["x"], "_made_as": [name]}, seen_version=0)
    for address in (reverse("portfolio:add", args=["training"]), listed("training")):
        assert member.get(address).context["made_as"] == name
    wrong = member.post(reverse("portfolio:add", args=["training"]), {"title": "x", "_made_as": name})
    assert (wrong.status_code, wrong.context["made_as"]) == (422, name)


# --- The last session once more -------------------------------------------------------------------


def test_one_press_repeats_the_last_session_today(member, applicant, today):
    SupervisionFactory(person=applicant, minutes=30)
    last = SupervisionFactory(
        person=applicant, minutes=90, format="group", group_size=5, mode="distance", ages=["37-71"],
        about_own_provision=True, competencies=["TF.development"], confirmed=True,
    )  # fmt: skip
    page = member.post(REPEAT, follow=True)
    made = Supervision.objects.latest("id")
    assert [getattr(made, name) for name in repeating.REPEATED] == [getattr(last, name) for name in repeating.REPEATED]
    assert (made.on, made.state, made.competencies, made.attested_on) == (today, "logged", [], None)
    assert page.redirect_chain == [(f"/portfolio/supervision/?saved={made.uuid}", 302)]
    assert said(page) == ["Saved. Reflective supervision: 3 h 30 min in all."]
    html = page.content.decode()
    assert (at("edit", made) in html, at("withdraw", made) in html) == (True, True)


def test_a_second_press_adds_nothing(member, applicant):
    SupervisionFactory(person=applicant)
    member.post(REPEAT)
    again = member.post(REPEAT, follow=True)
    assert (Supervision.objects.count(), said(again)[-1]) == (
        2,
        "You have logged this session today already. If there was a second one, log it with its own length below.",
    )


def test_after_an_undo_it_can_be_repeated_again(member, applicant):
    SupervisionFactory(person=applicant)
    member.post(REPEAT)
    member.post(at("withdraw", Supervision.objects.latest("id")), {"back": "list"})
    member.post(REPEAT)
    assert Supervision.objects.current().count() == 2


def test_nothing_to_repeat_is_said(member):
    assert said(member.post(REPEAT, follow=True)) == [
        "There is no session to repeat yet. Log one below; from then on one press is enough."
    ]


def test_only_the_person_repeats(applicant, other_applicant, today):
    SupervisionFactory(person=other_applicant)
    with pytest.raises(NotAllowed):
        repeating.repeat_last(person=applicant, by=other_applicant.user, today=today)
    assert Supervision.objects.count() == 1


# --- Rows changed where they stand ----------------------------------------------------------------


@pytest.mark.parametrize(
    "factory", [EducationFactory, ProfessionalLicenseFactory, WorkFactory, TrainingFactory, SupervisionFactory]
)
def test_each_kind_of_row_opens_its_form_and_closes_again(member, applicant, factory):
    entry = factory(person=applicant)
    opened = member.get(at("row", entry), {"form": "1"}, headers=HTMX)
    closed = member.get(at("row", entry), headers=HTMX)
    assert (opened.status_code, opened.context["form"]["seen_version"].value(), opened.templates[0].name) == (
        200, 1, "portfolio/_row_form.html",
    )  # fmt: skip
    assert (closed.status_code, closed.templates[0].name) == (200, "portfolio/_entries.html")
    assert f'hx-get="{at("row", entry)}?form=1"' in member.get(listed(entry.kind)).content.decode()


def test_a_row_is_saved_with_its_new_sums_and_its_draft_forgotten(member, applicant):
    entry = TrainingFactory(person=applicant, minutes=60, competencies=["TF.development"])
    drafts.save(user=applicant.user, form_key=f"training:{entry.uuid}", data={"title": ["x"]}, seen_version=0)
    given = TYPED | {"seen_version": "1", "competencies": ["TF.development"], "organizer": "PR"}
    answer = member.post(at("row", entry), given, headers=HTMX)
    entry.refresh_from_db()
    html = answer.content.decode()
    assert (entry.title, entry.minutes, entry.competencies, entry.version) == (
        "Reading the baby", 180, ["TF.development"], 2,
    )  # fmt: skip
    assert ('id="sums" hx-swap-oob="true"' in html, "<strong>3 h</strong>" in html, " autofocus" in html) == (True,) * 3
    assert drafts.load(applicant.user, f"training:{entry.uuid}") is None
    assert AuditEvent.objects.get(verb="portfolio.entry_changed").data["fields"] == [
        "ages", "minutes", "on", "organizer", "title", "topics",
    ]  # fmt: skip


def test_a_wrong_row_is_asked_about_in_its_place(member, applicant):
    entry = TrainingFactory(person=applicant, title="Stored")
    answer = member.post(at("row", entry), TYPED | {"minutes": "soon", "seen_version": "1"}, headers=HTMX)
    entry.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors), entry.title) == (422, ["minutes"], "Stored")
    assert 'value="Reading the baby"' in answer.content.decode()


def test_a_refusal_stands_in_the_row(member, applicant):
    entry = SupervisionFactory(person=applicant)
    own = {
        "on": "2026-05-01", "minutes": "1 h", "format": "individual", "mode": "in_person", "provider": "new",
        "provider_name": "Me", "provider_email": applicant.email, "seen_version": "1",
    }  # fmt: skip
    answer = member.post(at("row", entry), own, headers=HTMX)
    assert (answer.status_code, len(answer.context["form"].non_field_errors())) == (422, 1)


def test_two_windows_end_in_a_choice_in_the_row(member, applicant):
    entry = TrainingFactory(person=applicant, title="First")
    portfolio.save(
        kind=EntryKind.TRAINING, person=applicant, by=applicant.user, values={"title": "Other window"}, entry=entry
    )
    asked = member.post(at("row", entry), TYPED | {"seen_version": "1"}, headers=HTMX)
    html = asked.content.decode()
    assert (asked.status_code, "Stored now: Other window" in html, "What you typed: Reading the baby" in html) == (
        409, True, True,
    )  # fmt: skip
    kept = member.post(at("row", entry), {"discard": "1"}, headers=HTMX)
    entry.refresh_from_db()
    assert (kept.templates[0].name, entry.title) == ("portfolio/_entries.html", "Other window")
    member.post(at("row", entry), TYPED | {"seen_version": "2"}, headers=HTMX)
    entry.refresh_from_db()
    assert entry.title == "Reading the baby"


def test_without_htmx_and_for_locked_rows_the_entrys_page_does_it(member, applicant):
    training = TrainingFactory(person=applicant)
    signed = SupervisionFactory(person=applicant, confirmed=True)
    assert member.get(at("row", training), {"form": "1"})["Location"] == at("edit", training)
    assert member.post(at("row", training), TYPED)["Location"] == at("edit", training)
    assert member.get(at("row", signed), {"form": "1"}, headers=HTMX)["HX-Redirect"] == at("edit", signed)


def test_anothers_row_does_not_exist(member, other_applicant):
    theirs = TrainingFactory(person=other_applicant)
    assert member.get(at("row", theirs), headers=HTMX).status_code == 404
    assert member.post(at("row", theirs), TYPED | {"seen_version": "1"}, headers=HTMX).status_code == 404


# --- Large portfolios -----------------------------------------------------------------------------


def queries_of(client, ask):
    with CaptureQueriesContext(connection) as caught:
        ask(client)
    return len(caught)


@pytest.mark.parametrize("kind", list(EntryKind))
def test_lists_and_overview_ask_at_most_twelve_queries(member, applicant, kind):
    for factory in (EducationFactory, ProfessionalLicenseFactory, WorkFactory, TrainingFactory, SupervisionFactory):
        factory.create_batch(30, person=applicant)
    member.get("/portfolio/")
    member.get(listed(kind))
    numbers = queries_of(member, lambda c: c.get("/portfolio/")), queries_of(member, lambda c: c.get(listed(kind)))
    assert (max(numbers) <= 12, MODELS[kind].objects.count()) == (True, 30), numbers
