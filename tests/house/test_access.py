"""Every address x every actor. A route without a row fails; a cell that answers otherwise fails.

Policies name who gets the page (200). Everybody else gets 404, but for people who are not signed in: they are sent to
the sign-in page (302). Addresses that act are asked with GET first (405, changing nothing) and then POSTed by everyone
the policy refuses: never more than 302 to sign-in or 404.
"""

import uuid
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from applications.actions import references
from endorsement_portal.links.actions import token_of
from endorsement_portal.links.queries import live_link
from tests.house.world import House, build

ACTORS = (
    "anonymous", "owner", "peer", "stranger", "rater", "reviewer", "other_reviewer", "coordinator", "other_coordinator",
    "operator", "editor",
)  # fmt: skip
SIGNED_OUT = {"anonymous", "rater"}
SIGNED_IN = set(ACTORS) - SIGNED_OUT
POLICIES = {
    "everyone": set(ACTORS),
    "signed in": SIGNED_IN,
    "owner": {"owner"},
    "draft owner": {"peer"},
    "cohort": {"owner", "peer", "coordinator"},
    "cohort moderator": {"coordinator"},
    "seats": {"owner", "peer"},
    "coordinator": {"coordinator"},
    "any desk": {"coordinator", "other_coordinator", "reviewer", "other_reviewer", "operator", "editor"},
    "keeper of rules": {"coordinator", "editor"},
    "editor of rules": {"editor"},
    "reviewer": {"reviewer"},
    "rater": {"rater"},
    "nobody": set(),
}


@dataclass(frozen=True)
class Row:
    """One address: who may have it, how its arguments are found, and whether it is a page or an act."""

    policy: str
    args: tuple[str, ...] = ()
    act: bool = False
    page: int = 200
    """What those who may have it get."""
    signed_out: int = 302
    """What people get who are not signed in: the way to the sign-in page, where there is one."""


APPLICATION = ("application.uuid",)
DESK = ("home.slug",)
TABLE: dict[str, Row] = {
    "landing": Row("everyone"),
    "help": Row("everyone"),
    "privacy": Row("everyone"),
    "accessibility": Row("everyone"),
    "packet_check": Row("everyone"),
    "home": Row("signed in"),
    "gap_index": Row("signed in"),
    "gap": Row("signed in", ("'ifs",)),
    "gap_needs": Row("signed in"),
    "gap_compare": Row("signed in"),
    "gap_pdf": Row("signed in", ("'ifs",)),
    "gap_plan": Row("signed in", ("'ifs",)),
    "gap_entries": Row("signed in", ("'ifs", "'training")),
    "matrix": Row("signed in", ("'ifs",)),
    "competency": Row("signed in", ("'ifs", "'TF.pregnancy")),
    "my_cohort": Row("signed in", page=302),
    "cohort_page": Row("everyone", ("cohort.uuid",)),
    "cohort_move": Row("seats", ("cohort.uuid",)),
    "finder:start": Row("everyone", page=302),
    "finder:question": Row("everyone", ("'1",)),
    "finder:result": Row("everyone", page=302),
    "cohorts:list": Row("everyone"),
    "cohorts:calendar": Row("everyone", ("cohort.uuid",)),
    "cohorts:reserve": Row("signed in", ("away_cohort.uuid",), page=302),
    "cohorts:leave": Row("seats", ("cohort.uuid",)),
    "cohorts:threads": Row("cohort", ("cohort.uuid",)),
    "cohorts:thread_new": Row("cohort", ("cohort.uuid",)),
    "cohorts:thread": Row("cohort", ("post.thread.uuid",)),
    "cohorts:thread_pin": Row("cohort moderator", ("post.thread.uuid",), act=True),
    "cohorts:thread_lock": Row("cohort moderator", ("post.thread.uuid",), act=True),
    "cohorts:post_edit": Row("owner", ("post.uuid",)),
    "cohorts:post_report": Row("cohort", ("post.uuid",)),
    "cohorts:post_hide": Row("cohort moderator", ("post.uuid",)),
    "credentials:registry": Row("everyone"),
    "credentials:verify_enter": Row("everyone"),
    "credentials:verify": Row("everyone", ("endorsement.code",)),
    "credentials:mine": Row("signed in"),
    "credentials:certificate": Row("nobody", ("endorsement.uuid",)),
    "applications:list": Row("signed in"),
    "applications:start": Row("owner", ("enrolment.uuid",)),
    "applications:hub": Row("owner", APPLICATION),
    "applications:category": Row("owner", APPLICATION),
    "applications:selection": Row("draft owner", ("draft.uuid",)),
    "applications:sign": Row("owner", ("application.uuid", "'ethics")),
    "applications:answer_change": Row("owner", ("application.uuid", "message.uuid"), page=404),
    "applications:references": Row("owner", APPLICATION),
    "applications:reference_add": Row("draft owner", ("draft.uuid",)),
    "applications:reference_replace": Row("owner", ("application.uuid", "reference.uuid")),
    "applications:reference_act": Row("owner", ("application.uuid", "reference.uuid"), act=True),
    "applications:packet": Row("owner", ("application.uuid", "packet.uuid")),
    "applications:packet_progress": Row("owner", ("application.uuid", "packet.uuid")),
    "applications:packet_file": Row("owner", ("application.uuid", "packet.uuid"), page=404),
    "applications:check": Row("draft owner", ("draft.uuid",)),
    "applications:submit": Row("draft owner", ("draft.uuid",), page=302),
    "applications:confirmation": Row("owner", ("application.uuid", "'1")),
    "applications:messages": Row("owner", APPLICATION),
    "applications:withdraw": Row("owner", APPLICATION),
    "rating:landing": Row("everyone", ("'no-such-token",), page=404),
    "rating:form": Row("rater", ("asked.uuid",)),
    "rating:save": Row("rater", ("asked.uuid",), act=True),
    "rating:decline": Row("rater", ("asked.uuid",)),
    "rating:done": Row("rater", ("asked.uuid",), page=302),
    "reviews:queue": Row("signed in"),
    "reviews:assignment": Row("reviewer", ("assignment.uuid",)),
    "reviews:mark": Row("reviewer", ("assignment.uuid",), act=True),
    "reviews:submit": Row("reviewer", ("assignment.uuid",)),
    "reviews:decline": Row("reviewer", ("assignment.uuid",), act=True),
    "reviews:ratings": Row("reviewer", ("assignment.uuid",)),
    "reviews:evidence": Row("reviewer", ("assignment.uuid", "evidence.file.uuid")),
    "reviews:packet": Row("reviewer", ("assignment.uuid",), page=404),
    "portfolio:overview": Row("signed in"),
    "portfolio:library": Row("signed in"),
    "portfolio:attend": Row("signed in", ("course.uuid",)),
    "portfolio:repeat": Row("signed in", act=True),
    "portfolio:list": Row("signed in", ("'training",)),
    "portfolio:add": Row("signed in", ("'training",)),
    "portfolio:edit": Row("owner", ("'training", "training.uuid")),
    "portfolio:row": Row("owner", ("'training", "training.uuid"), page=302),
    "portfolio:withdraw": Row("owner", ("'training", "training.uuid"), act=True),
    "portfolio:restore": Row("owner", ("'training", "training.uuid"), act=True),
    "portfolio:evidence_add": Row("owner", ("'training", "training.uuid"), act=True),
    "portfolio:files": Row("signed in"),
    "portfolio:evidence": Row("owner", ("evidence.uuid",)),
    "portfolio:evidence_preview": Row("owner", ("evidence.uuid",)),
    "portfolio:evidence_withdraw": Row("owner", ("evidence.uuid",), act=True),
    "portfolio:imports": Row("signed in"),
    "portfolio:import_sample": Row("signed in", ("'training", "'csv")),
    "portfolio:import": Row("owner", ("log_import.uuid",)),
    "portfolio:import_columns": Row("owner", ("log_import.uuid",)),
    "portfolio:import_confirm": Row("owner", ("log_import.uuid",), act=True),
    "portfolio:import_progress": Row("owner", ("log_import.uuid",)),
    "portfolio:import_undo": Row("owner", ("log_import.uuid",), page=302),
    "portfolio:import_put_aside": Row("owner", ("log_import.uuid",), act=True),
    "portfolio:own_data": Row("signed in"),
    "portfolio:own_data_make": Row("signed in", act=True),
    "portfolio:own_data_bring": Row("signed in"),
    "portfolio:own_data_progress": Row("owner", ("export.uuid",)),
    "portfolio:own_data_file": Row("owner", ("export.uuid",)),
    "portfolio:ask_provider": Row("seats", ("standing.person.uuid",), act=True),
    "sign_off:landing": Row("everyone", ("'no-such-token",), page=404),
    "sign_off:sessions": Row("nobody", signed_out=404),
    "sign_off:done": Row("nobody", ("message.uuid",), signed_out=404),
    "members:profile": Row("signed in"),
    "members:memberships": Row("signed in"),
    "members:membership_add": Row("signed in"),
    "members:membership_withdraw": Row("owner", ("membership.uuid",), act=True),
    "members:membership_proof": Row("owner", ("membership.uuid",)),
    "outbox:inbox": Row("signed in"),
    "outbox:read": Row("owner", ("in_app.uuid",)),
    "outbox:follow": Row("owner", ("in_app.uuid",), page=302),
    "outbox:read_all": Row("signed in", act=True),
    "outbox:preferences": Row("signed in"),
    "outbox:unsubscribe": Row("everyone", ("'no-such-token",), page=404),
    "web:live": Row("everyone"),
    "web:ready": Row("everyone"),
    "web:theme": Row("everyone", act=True),
    "web:csp_report": Row("everyone", act=True),
    "web:save_draft": Row("signed in", ("'training:new",), signed_out=401),
    "coordination:index": Row("any desk", page=302),
    "coordination:today": Row("coordinator", DESK),
    "coordination:cohorts": Row("coordinator", DESK),
    "coordination:cohort_new": Row("coordinator", DESK),
    "coordination:cohort": Row("coordinator", ("home.slug", "cohort.uuid")),
    "coordination:cohort_publish": Row("coordinator", ("home.slug", "cohort.uuid"), act=True),
    "coordination:people": Row("coordinator", DESK),
    "coordination:imported": Row("coordinator", (*DESK, "owner.uuid")),
    "coordination:person": Row("coordinator", ("home.slug", "owner.uuid")),
    "coordination:applications": Row("coordinator", DESK),
    "coordination:application": Row("coordinator", ("home.slug", "application.uuid")),
    "coordination:application_evidence": Row("coordinator", ("home.slug", "application.uuid", "evidence.file.uuid")),
    "coordination:application_packet": Row("coordinator", ("home.slug", "application.uuid", "packet.uuid"), page=404),
    "coordination:application_ratings": Row("coordinator", ("home.slug", "application.uuid")),
    "coordination:application_act": Row("coordinator", ("home.slug", "application.uuid", "'message"), act=True),
    "coordination:memberships": Row("coordinator", DESK),
    "coordination:membership_proof": Row("coordinator", ("home.slug", "membership.uuid")),
    "coordination:membership_confirm": Row("coordinator", ("home.slug", "membership.uuid"), act=True),
    "coordination:membership_refuse": Row("coordinator", ("home.slug", "membership.uuid")),
    "coordination:references": Row("coordinator", DESK),
    "coordination:reference_vet": Row("coordinator", ("home.slug", "reference.uuid"), act=True),
    "coordination:reference_resend": Row("coordinator", ("home.slug", "reference.uuid"), act=True),
    "coordination:supervision": Row("coordinator", DESK),
    "coordination:provider": Row("coordinator", ("home.slug", "provider.uuid")),
    "coordination:standing_end": Row("coordinator", ("home.slug", "provider.uuid", "standing.uuid")),
    "coordination:library": Row("coordinator", DESK),
    "coordination:course_new": Row("coordinator", DESK),
    "coordination:course": Row("coordinator", ("home.slug", "course.uuid")),
    "coordination:course_edit": Row("coordinator", ("home.slug", "course.uuid")),
    "coordination:course_retire": Row("coordinator", ("home.slug", "course.uuid"), act=True),
    "coordination:course_reactivate": Row("coordinator", ("home.slug", "course.uuid"), act=True),
    "coordination:rosters": Row("coordinator", ("home.slug", "course.uuid")),
    "coordination:roster": Row("coordinator", ("home.slug", "course.uuid", "roster.uuid")),
    "coordination:roster_confirm": Row("coordinator", ("home.slug", "course.uuid", "roster.uuid"), act=True),
    "coordination:roster_put_aside": Row("coordinator", ("home.slug", "course.uuid", "roster.uuid"), act=True),
    "coordination:standing_correct": Row("coordinator", ("home.slug", "provider.uuid", "standing.uuid")),
    "coordination:reviews": Row("coordinator", DESK),
    "coordination:decisions": Row("coordinator", DESK),
    "coordination:decision_act": Row("coordinator", ("home.slug", "decision.uuid", "'release"), act=True),
    "coordination:registry": Row("coordinator", DESK),
    "coordination:endorsement": Row("coordinator", ("home.slug", "endorsement.uuid")),
    "coordination:endorsement_act": Row("coordinator", ("home.slug", "endorsement.uuid", "'lapse")),
    "coordination:outbox": Row("coordinator", DESK),
    "coordination:message_act": Row("coordinator", ("home.slug", "message.uuid", "'hold"), act=True),
    "coordination:audit": Row("coordinator", DESK),
    "coordination:standards": Row("keeper of rules", DESK),
    "coordination:compare": Row("keeper of rules", DESK),
    "coordination:rule_settings": Row("keeper of rules", DESK),
    "coordination:edition_file": Row("keeper of rules", ("home.slug", "'iecmh-2025")),
    "coordination:edition_upload": Row("editor of rules", DESK),
    "coordination:rule_changes": Row("keeper of rules", DESK),
    "coordination:rule_change": Row("keeper of rules", ("home.slug", "change.uuid")),
    "coordination:rule_change_progress": Row("keeper of rules", ("home.slug", "change.uuid")),
    "coordination:rule_change_act": Row("keeper of rules", ("home.slug", "change.uuid", "'discard"), act=True),
}
OTHERS_OWN = {"account_", "mfa_", "usersessions_", "admin:"}
"""allauth's and Django's own pages, each with its own tests of who may come in."""


def names():
    found = set()

    def walk(resolver, prefix=""):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
            elif entry.name:
                found.add(prefix + entry.name)

    walk(get_resolver())
    return {name for name in found if not name.startswith(tuple(OTHERS_OWN))}


def test_every_route_stands_in_the_table_and_every_row_is_a_route():
    assert set(TABLE) == names()


def _value(house: House, path: str):
    if path.startswith("'"):
        return path[1:]
    extra = {
        "enrolment": lambda: house.application.enrolment,
        "assignment": lambda: house.application.assignments.get(),
        "provider": lambda: house.stage.raters.mentor,
    }
    head, *rest = path.split(".")
    value = extra[head]() if head in extra else getattr(house, head)
    for name in rest:
        value = getattr(value, name)
    return value


def clients(house: House) -> dict[str, Client]:
    users = {
        "owner": house.owner.user, "peer": house.peer.user, "stranger": house.stranger.user, "reviewer": house.reviewer,
        "other_reviewer": house.other_reviewer, "coordinator": house.coordinator,
        "other_coordinator": house.other_coordinator, "operator": house.operator, "editor": house.editor,
    }  # fmt: skip
    made = {actor: Client(raise_request_exception=False) for actor in ACTORS}
    for actor, user in users.items():
        made[actor].force_login(user)
    link = live_link(purpose=references.PURPOSE, object_uuid=house.asked.uuid)
    made["rater"].post(reverse("rating:landing", args=[token_of(link)]), {"go": "form"})
    return made


def _status(response) -> int:
    """A download is read to its end: that closes its file the way the test client does it."""
    if response.streaming:
        list(response.streaming_content)
    return response.status_code


def expected(row: Row, actor: str) -> set[int]:
    if actor in POLICIES[row.policy]:
        if actor == "operator" and row.policy == "any desk":
            return {200}
        return {405} if row.act else {row.page}
    if actor in SIGNED_OUT and row.policy not in {"everyone", "rater"}:
        return {row.signed_out}
    return {404, 405} if row.act else {404}


@pytest.fixture
def house(db):
    return build()


@pytest.mark.django_db
def test_every_address_answers_every_actor_as_the_table_says(house):
    people = clients(house)
    wrong = []
    for name, row in TABLE.items():
        address = reverse(name, args=[_value(house, path) for path in row.args])
        for actor, client in people.items():
            status = _status(client.get(address))
            if status not in expected(row, actor):
                wrong.append(f"GET {name} as {actor}: {status}, expected {sorted(expected(row, actor))}")
            if row.act and actor not in POLICIES[row.policy]:
                status = _status(client.post(address))
                allowed = {302} if actor in SIGNED_OUT and row.policy != "rater" else {404}
                if status not in allowed:
                    wrong.append(f"POST {name} as {actor}: {status}, expected {sorted(allowed)}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.django_db
def test_what_is_not_yours_looks_like_what_does_not_exist(house):
    """The 404 of another's row and the 404 of a random one are the same page, byte for byte but for tokens."""
    client = Client()
    client.force_login(house.stranger.user)

    def body(address: str) -> int:
        response = client.get(address)
        assert response.status_code == 404
        return len(response.content)

    for name, row in TABLE.items():
        if row.policy == "owner" and not row.act and row.args and row.args[0].endswith("uuid"):
            theirs = reverse(name, args=[_value(house, path) for path in row.args])
            nobodys = reverse(name, args=[uuid.uuid4(), *(_value(house, path) for path in row.args[1:])])
            assert abs(body(theirs) - body(nobodys)) <= abs(len(theirs) - len(nobodys)) * 4, name
