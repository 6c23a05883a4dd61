"""Every page of the access table, as someone who may have it: axe in both themes, phone and desk, a quiet console.

The table is the list of pages, so a page cannot be forgotten here without being forgotten there.
"""

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.browser.harness import DESK, PHONE, screenshot
from tests.house.test_access import ACTORS, POLICIES, TABLE, _value, clients
from tests.house.world import build

PREFERRED = ("coordinator", "owner", "peer", "reviewer", "rater", "anonymous")
DOWNLOADS = {
    "cohorts:calendar", "portfolio:evidence", "portfolio:evidence_preview", "portfolio:import_sample",
    "members:membership_proof",
    "reviews:evidence", "reviews:packet",
    "coordination:application_evidence", "coordination:application_packet", "coordination:membership_proof",
    "applications:packet_file", "credentials:certificate", "gap_pdf",
    "portfolio:own_data_file", "coordination:edition_file",
}  # fmt: skip
NO_DOCUMENT = {
    "web:live",
    "web:ready",
    "web:save_draft",
    "applications:packet_progress",
    "portfolio:import_progress",
    "portfolio:own_data_progress",
}
"""Plain answers and fragments."""
PICTURES = {
    "home": "home", "portfolio:overview": "portfolio", "portfolio:files": "files",
    "gap": "gap-report", "matrix": "matrix",
    "applications:hub": "application", "cohort_page": "cohort", "rating:form": "rating",
    "coordination:today": "dashboard", "coordination:application": "desk-application", "reviews:assignment": "review",
    "credentials:verify": "verify", "landing": "landing",
}  # fmt: skip


def pages():
    return [
        name
        for name, row in TABLE.items()
        if not row.act and row.page == 200 and POLICIES[row.policy] and name not in DOWNLOADS | NO_DOCUMENT
    ]


def _actor(name: str) -> str:
    allowed = POLICIES[TABLE[name].policy]
    order = ("owner", *PREFERRED) if TABLE[name].policy == "signed in" else PREFERRED
    return next(actor for actor in (*order, *ACTORS) if actor in allowed)


def _cookies(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items() if name == settings.SESSION_COOKIE_NAME}


def test_every_page_is_readable_operable_and_quiet(open_page, check_page):
    house = build()
    people = {actor: _cookies(client) for actor, client in clients(house).items()}
    assert set(people) == set(ACTORS)
    wrong = []
    for name in pages():
        address = reverse(name, args=[_value(house, path) for path in TABLE[name].args])
        cookies = people[_actor(name)]
        try:
            check_page(address, cookies=cookies)
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
        if name in PICTURES:
            for width in (DESK, PHONE):
                visit = open_page(address, cookies=cookies, theme="light", width=width)
                screenshot(visit.page, f"{PICTURES[name]}-{width}")
    assert wrong == [], "\n".join(wrong)


def test_core_pages_work_without_script(open_page):
    house = build()
    people = {actor: _cookies(client) for actor, client in clients(house).items()}
    for name in ("home", "portfolio:add", "applications:hub", "rating:form"):
        address = reverse(name, args=[_value(house, path) for path in TABLE[name].args])
        visit = open_page(address, cookies=people[_actor(name)], javascript=False, width=PHONE)
        assert visit.page.locator("main h1").count() == 1, name
        assert visit.page.locator("main form button[type=submit], main a.btn").count() > 0, name
