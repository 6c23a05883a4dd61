"""The portfolio's pages as a member meets them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.actions import portfolio as actions
from competencies.enums import EntryKind
from competencies.models import Supervision, Training
from competencies.queries.portfolio import MODELS
from endorsement_portal.web.models import FormDraft
from endorsement_portal.workflow import NotAllowed
from members.queries import person_of
from tests.competencies.test_portfolio_forms import FACTORIES, GOOD
from tests.factories.competencies import StandingFactory, SupervisionFactory, TrainingFactory
from tests.factories.members import UserFactory
from tests.fuzzing import FUZZ_EXAMPLES

pytestmark = pytest.mark.django_db
OVERVIEW = "/portfolio/"


@pytest.fixture
def member(client, applicant):
    client.force_login(applicant.user)
    return client


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def listed(kind, query=""):
    return reverse("portfolio:list", args=[kind]) + query


def adding(kind, query=""):
    return reverse("portfolio:add", args=[kind]) + query


def editing(entry):
    return reverse("portfolio:edit", args=[entry.kind, entry.uuid])


# --- first steps --------------------------------------------------------------------------------------------------


def test_first_training_without_application_cohort_or_fee(client):
    """A1: an account and a verified address are enough."""
    user = UserFactory(person=None)
    client.force_login(user)
    first = client.get(OVERVIEW)
    answer = client.post(adding("training"), GOOD[EntryKind.TRAINING], follow=True)
    assert [field.name for field in first.context["form"].short_fields] == ["title", "on", "minutes", "topics"]
    assert Training.objects.get().person == person_of(user)
    assert said(answer) == ["Saved. Trainings: 3 h in all."]
    assert client.get(OVERVIEW).context["recent"][0].name == "Reading the baby"


def test_overview_and_lists_ask_for_a_sign_in(client):
    for address in (OVERVIEW, listed("training"), adding("work")):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_unknown_kinds_are_not_found(member):
    for path in ("/portfolio/cakes/", "/portfolio/trainings/", "/portfolio/training/not-a-uuid/"):
        assert member.get(path).status_code == 404


@pytest.mark.parametrize("kind", list(EntryKind))
def test_empty_places_teach(member, kind):
    page = member.get(listed(kind))
    assert (page.status_code, "For example:" in page.content.decode()) == (200, True)


@pytest.mark.parametrize("kind", list(EntryKind))
def test_add_change_withdraw_and_restore(member, applicant, kind):
    added = member.post(adding(kind), GOOD[kind], follow=True)
    entry = MODELS[kind].objects.get()
    shown = member.get(editing(entry))
    changed = member.post(editing(entry), {**GOOD[kind], "seen_version": "1"}, follow=True)
    act = {name: reverse(f"portfolio:{name}", args=[kind, entry.uuid]) for name in ("withdraw", "restore")}
    refused = [member.get(act[name]).status_code for name in act]
    withdrawn = member.post(act["withdraw"], follow=True)
    gone = member.get(listed(kind)).context["page"].paginator.count
    in_bin = member.get(listed(kind, "?withdrawn=1")).context["page"].paginator.count
    restored = member.post(act["restore"], follow=True)
    assert (added.status_code, shown.status_code, changed.redirect_chain[0][0]) == (200, 200, listed(kind))
    assert (refused, gone, in_bin) == ([405, 405], 0, 1)
    assert said(withdrawn) == ["Withdrawn. It no longer counts; you can bring it back at any time."]
    assert said(restored) == ["It is back and counts again."]
    entry.refresh_from_db()
    assert entry.withdrawn_at is None


def test_saved_words_count_entries_without_time(member):
    answer = member.post(adding("work"), GOOD[EntryKind.WORK], follow=True)
    assert said(answer) == ["Saved. Work: 1 entry."]


def test_where_saving_leads(member):
    another = member.post(adding("training"), {**GOOD[EntryKind.TRAINING], "then": "another"})
    file = member.post(adding("training"), {**GOOD[EntryKind.TRAINING], "title": "Other", "then": "file"})
    entry = Training.objects.get(title="Other")
    first = Training.objects.get(title=GOOD[EntryKind.TRAINING]["title"])
    assert (another.url, file.url) == (f"{adding('training')}?saved={first.uuid}", f"{editing(entry)}#files")


def test_twin_is_pointed_out(member):
    member.post(adding("training"), GOOD[EntryKind.TRAINING])
    answer = member.post(adding("training"), GOOD[EntryKind.TRAINING], follow=True)
    assert said(answer)[-1] == "You have the same entry already. Only one of the two will count."


def test_wrong_input_keeps_what_was_typed(member):
    page = member.post(adding("training"), {"title": "Kept", "on": "soon", "minutes": "6"})
    html = page.content.decode()
    assert (page.status_code, sorted(page.context["form"].errors), Training.objects.count()) == (
        422,
        ["minutes", "on"],
        0,
    )
    assert ('value="Kept"' in html, "<title>Error:" in html) == (True, True)


def test_wrong_change_is_asked_about_and_not_stored(member, applicant):
    entry = TrainingFactory(person=applicant, title="Stored")
    page = member.post(editing(entry), {**GOOD[EntryKind.TRAINING], "minutes": "6", "seen_version": "1"})
    entry.refresh_from_db()
    assert (page.status_code, list(page.context["form"].errors), entry.title) == (422, ["minutes"], "Stored")


def test_refusal_stands_in_the_form(member, applicant):
    own = {**GOOD[EntryKind.SUPERVISION], "provider_email": applicant.email}
    page = member.post(adding("supervision"), own)
    assert page.context["form"].non_field_errors() == [
        "You cannot be your own provider. Name the person who gave you reflective supervision/consultation."
    ]


# --- two windows --------------------------------------------------------------------------------------------------


def test_stale_save_shows_both_versions_and_a_choice(member, applicant):
    entry = TrainingFactory(person=applicant, title="As opened", ages=[], competencies=[])
    member.post(editing(entry), {**GOOD[EntryKind.TRAINING], "title": "First window", "seen_version": "1"})
    stale = member.post(editing(entry), {**GOOD[EntryKind.TRAINING], "title": "Second window", "seen_version": "1"})
    html = stale.content.decode()
    entry.refresh_from_db()
    assert (stale.status_code, entry.title) == (409, "First window")
    assert ("First window" in html, "Second window" in html) == (True, True)
    chosen = {**GOOD[EntryKind.TRAINING], "title": "Second window", "seen_version": str(stale.context["entry"].version)}
    member.post(editing(entry), chosen)
    entry.refresh_from_db()
    assert (entry.title, entry.version) == ("Second window", 3)


def test_choice_page_posts_every_value_again(member, applicant):
    entry = TrainingFactory(person=applicant, version=2)
    data = {**GOOD[EntryKind.TRAINING], "topics": ["core", "dei"], "ages": ["0-36"], "seen_version": "1"}
    html = member.post(editing(entry), data).content.decode()
    for hidden in (
        '<input type="hidden" name="title" value="Reading the baby"',
        '<input type="hidden" name="topics" value="core"',
        '<input type="hidden" name="topics" value="dei"',
        '<input type="hidden" name="ages" value="0-36"',
        '<input type="hidden" name="seen_version" value="2"',
    ):
        assert hidden in html


def test_session_signed_meanwhile_offers_no_overwriting(member, applicant):
    entry = SupervisionFactory(person=applicant, confirmed=True, version=2)
    page = member.post(editing(entry), {**GOOD[EntryKind.SUPERVISION], "seen_version": "1"})
    assert page.context["form"].non_field_errors()[0].startswith("Your provider signed this session")


def test_session_signed_between_reading_and_writing(member, applicant, monkeypatch):
    entry = SupervisionFactory(person=applicant)
    save = actions.save

    def late(**given):
        Supervision.objects.filter(pk=entry.pk).update(state="confirmed", attested_on="2026-05-01", version=2)
        return save(**given)

    monkeypatch.setattr(actions, "save", late)
    page = member.post(editing(entry), {**GOOD[EntryKind.SUPERVISION], "seen_version": "1"})
    assert (page.status_code, page.context["locked"]) == (409, True)
    assert "Keep what I typed" not in page.content.decode()


# --- drafts -------------------------------------------------------------------------------------------------------


def test_draft_is_shown_and_forgotten_after_saving(member, applicant):
    FormDraft.objects.create(
        user=applicant.user, form_key="training:new", data={"title": ["Half a"], "on": ["soon"], "topics": ["core"]}
    )
    page = member.get(adding("training"))
    values = {name: page.context["form"][name].value() for name in ("title", "on", "topics")}
    assert values == {"title": "Half a", "on": "soon", "topics": ["core"]}
    assert "We kept what you typed." in page.content.decode()
    member.post(adding("training"), GOOD[EntryKind.TRAINING])
    assert FormDraft.objects.count() == 0


def test_draft_of_an_older_version_ends_in_the_choice(member, applicant):
    entry = TrainingFactory(person=applicant, version=2)
    FormDraft.objects.create(
        user=applicant.user,
        form_key=f"training:{entry.uuid}",
        data={"title": ["Typed before"], "seen_version": ["1"]},
    )
    form = member.get(editing(entry)).context["form"]
    assert (form["title"].value(), form["seen_version"].value()) == ("Typed before", "1")


def test_draft_with_more_than_the_short_part_opens_the_whole_form_in_the_list(member, applicant):
    plain = member.get(listed("training"))
    FormDraft.objects.create(user=applicant.user, form_key="training:new", data={"organizer": ["Hospital"]})
    more = member.get(listed("training"))
    assert (plain.context["quick"], more.context["quick"]) == (True, False)
    assert 'value="Hospital"' in more.content.decode()


# --- repeating ----------------------------------------------------------------------------------------------------


def test_repeat_the_last_session(member, applicant):
    session = SupervisionFactory(person=applicant, minutes=75, group_size=4, confirmed=True)
    for query in ("?repeat=last", f"?repeat={session.uuid}"):
        form = member.get(adding("supervision", query)).context["form"]
        values = {name: form[name].value() for name in ("minutes", "group_size", "provider", "seen_version")}
        assert values == {
            "minutes": "1 h 15 min",
            "group_size": 4,
            "provider": str(session.provider.uuid),
            "seen_version": None,
        }


def test_repeating_leaves_a_draft_alone(member, applicant):
    TrainingFactory(person=applicant, title="Again")
    FormDraft.objects.create(user=applicant.user, form_key="training:new", data={"title": ["Half a"]})
    page = member.get(adding("training", "?repeat=last"))
    member.post(adding("training", "?repeat=last"), GOOD[EntryKind.TRAINING])
    assert page.context["form"]["title"].value() == "Again"
    assert (FormDraft.objects.count(), Training.objects.filter(person=applicant).count()) == (1, 2)


@pytest.mark.parametrize("wanted", ["nonsense", "4dff4f2b-b5ca-44f2-82de-9dbc1977cbf3", "", "%00"])
def test_repeat_of_nothing_starts_empty(member, applicant, wanted):
    TrainingFactory(title="Somebody else's")
    page = member.get(adding("training", f"?repeat={wanted}"))
    assert (page.status_code, page.context["form"]["title"].value()) == (200, None)


def test_another_persons_entry_is_not_repeated(member):
    foreign = TrainingFactory(title="Somebody else's")
    assert member.get(adding("training", f"?repeat={foreign.uuid}")).context["form"]["title"].value() is None


def test_the_kind_of_the_last_session_is_offered(member, applicant):
    SupervisionFactory(person=applicant, format="individual", mode="in_person")
    form = member.get(listed("supervision")).context["form"]
    assert (form["format"].value(), form["mode"].value()) == ("individual", "in_person")


# --- other people -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(EntryKind))
def test_other_peoples_entries_are_not_there(member, kind):
    foreign = FACTORIES[kind]()
    addresses = [
        reverse(f"portfolio:{name}", args=[kind, foreign.uuid]) for name in ("withdraw", "restore", "evidence_add")
    ]
    assert member.get(editing(foreign)).status_code == 404
    assert [member.post(address).status_code for address in [editing(foreign), *addresses]] == [404] * 4
    assert member.get(listed(kind)).context["page"].paginator.count == 0


# --- lists --------------------------------------------------------------------------------------------------------


def queries_of(client, address) -> int:
    """Without what a new browser costs once."""
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len([query for query in caught.captured_queries if "usersessions" not in query["sql"]])


@pytest.mark.parametrize("kind", list(EntryKind))
def test_lists_take_the_same_queries_for_any_number(member, applicant, kind):
    FACTORIES[kind](person=applicant)
    few = queries_of(member, listed(kind))
    FACTORIES[kind].create_batch(29, person=applicant)
    assert (queries_of(member, listed(kind)), few <= 20) == (few, True)


def test_overview_takes_few_queries(member, applicant):
    for kind in EntryKind:
        FACTORIES[kind](person=applicant)
    few = queries_of(member, OVERVIEW)
    for kind in EntryKind:
        FACTORIES[kind].create_batch(9, person=applicant)
    assert (queries_of(member, OVERVIEW), few <= 12) == (few, True)


def test_pages_of_25(member, applicant):
    TrainingFactory.create_batch(30, person=applicant)
    assert len(member.get(listed("training")).context["page"]) == 25
    assert len(member.get(listed("training", "?page=2&q=Relationships")).context["page"]) == 5
    assert member.get(listed("training", "?page=x%00")).status_code == 200


def test_filters_stand_in_the_address_and_have_their_own_sums(member, applicant):
    TrainingFactory(person=applicant, title="Grief", minutes=60)
    TrainingFactory(person=applicant, minutes=30)
    page = member.get(listed("training", "?q=grief"))
    nothing = member.get(listed("training", "?q=zebra"))
    assert (page.context["filtered"].minutes, page.context["total"].minutes) == (60, 90)
    assert "Nothing matches" in nothing.content.decode()


@settings(max_examples=FUZZ_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(st.sampled_from(["q", "year", "topic", "ages", "state", "provider", "page"]), st.text()))
def test_any_filter_is_answered(member, query):
    assert member.get(listed("supervision"), query).status_code == 200


# --- asking -------------------------------------------------------------------------------------------------------


def test_ask_from_the_log(member, applicant):
    session = SupervisionFactory(person=applicant, provider__name="Tobias Fernhollow")
    StandingFactory(person=session.provider)
    address = reverse("portfolio:ask_provider", args=[session.provider.uuid])
    first = member.post(address, follow=True)
    second = member.post(address, follow=True)
    assert said(first) == ["Sent. Tobias Fernhollow gets one link for every session that waits."]
    assert said(second)[0].startswith("You asked Tobias Fernhollow today already.")
    assert "Waiting for Tobias Fernhollow" in second.content.decode()
    assert member.get(address).status_code == 405


def test_only_own_providers_are_asked(member):
    foreign = SupervisionFactory()
    assert member.post(reverse("portfolio:ask_provider", args=[foreign.provider.uuid])).status_code == 404


def test_states_of_sessions_have_words(member, applicant, now):
    SupervisionFactory(person=applicant)
    SupervisionFactory(person=applicant, provider=None)
    SupervisionFactory(person=applicant, confirmed=True, accepted=False)
    SupervisionFactory(person=applicant, state="corrected", attested_on=datetime.date(2026, 5, 1))
    SupervisionFactory(person=applicant, state="declined")
    SupervisionFactory(person=applicant, state="sent")
    html = member.get(listed("supervision")).content.decode()
    for words in ("Not sent yet.", "Peer meetings do not count.", "Imported by you", "Declined", "Waiting for"):
        assert words in html


def test_withdrawn_entry_offers_only_the_way_back(member, applicant):
    entry = TrainingFactory(person=applicant, withdrawn_at=timezone.now())
    html = member.get(editing(entry)).content.decode()
    refused = member.post(editing(entry), {**GOOD[EntryKind.TRAINING], "seen_version": "1"})
    assert ("Bring it back" in html, "Save training" in html) == (True, False)
    assert refused.context["form"].non_field_errors()[0].startswith("This entry is withdrawn.")


@pytest.mark.parametrize("act", ["withdraw", "restore"])
def test_refused_act_is_said(member, applicant, monkeypatch, act):
    def refuse(**_):
        raise NotAllowed.because("no", "Not now.")

    monkeypatch.setattr(actions, act, refuse)
    entry = TrainingFactory(person=applicant)
    answer = member.post(reverse(f"portfolio:{act}", args=["training", entry.uuid]), follow=True)
    assert said(answer) == ["Not now."]
