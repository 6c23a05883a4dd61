"""Text that wants to be a page: planted in every column that people fill, rendered for every role, and only ever shown.

Threats 5, 13 and 14; no parser of ours is asked, but one that reads HTML as a browser does.
"""

from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from tests.house.test_access import TABLE, _value, clients

PAYLOAD = 'ZQ"\'><svg/onload=zq()><img src=x onerror=zq><b hx-get="/zq" data-zq=1 style="zq">'
SEEN = "ZQ&quot;&#x27;&gt;&lt;svg/onload=zq()"
COLUMNS = {
    "members": {"Person": ["name"], "Membership": ["number", "reason"], "Association": ["name", "abbreviation"]},
    "competencies": {
        "Education": ["field", "institution"], "ProfessionalLicense": ["name"],
        "Work": ["title", "employer", "description"],
        "Training": ["title", "organizer"], "Standing": ["source"], "Course": ["title", "organizer"],
        "LogImport": ["file_name"],
    },
    "cohorts": {"Cohort": ["name", "welcome"], "Milestone": ["title"], "Thread": ["title"], "Post": ["body", "html"]},
    "credentials": {"Endorsement": ["holder_name"], "EndorsementEvent": ["reason"]},
    "applications": {
        "StatusChange": ["reason"], "Decision": ["message"], "Message": ["body"], "Reference": ["decline_note"],
        "Rating": ["comment", "explanation", "typed_name"], "ReviewAssignment": ["summary"], "ReviewMark": ["note"],
    },
    "outbox": {"OutgoingMessage": ["to_name"], "InAppMessage": ["subject", "body"]},
    "files": {"StoredFile": ["name"]},
}  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
}


class Alive(HTMLParser):
    """What of the payload became markup."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            ours = name.startswith(("on", "style", "data-zq")) or (name.startswith("hx-") and "/zq" in (value or ""))
            if ours or (tag in ("svg", "img") and name == "src" and value == "x"):
                self.found.append(f"<{tag} {name}={value!r}>")


@pytest.fixture
def planted(house):
    for label, tables in COLUMNS.items():
        for table, names in tables.items():
            model = apps.get_model(label, table)
            for name in names:
                column = model._meta.get_field(name)
                assert isinstance(column, models.CharField | models.TextField)
                model._default_manager.update(**{name: PAYLOAD[: column.max_length]})
    return house


def test_no_text_of_people_becomes_markup_and_no_private_page_may_be_kept(planted):
    people = clients(planted)
    shown, wrong = 0, []
    for name, row in TABLE.items():
        address = reverse(name, args=[_value(planted, path) for path in row.args])
        for actor in ("anonymous", "owner", "peer", "reviewer", "coordinator", "rater"):
            answer = people[actor].get(address)
            if actor not in ("anonymous", "rater") and "no-store" not in answer.headers["Cache-Control"]:
                wrong.append(f"{name} as {actor} may be kept")
            wrong += [f"{name}: {header}" for header, good in ALWAYS.items() if answer.headers.get(header) not in good]
            if answer.streaming:
                answer.close()
            elif "html" in answer.headers.get("Content-Type", ""):
                text = answer.content.decode()
                page = Alive()
                page.feed(text)
                wrong += [f"{name} as {actor}: {found}" for found in page.found]
                shown += text.count(SEEN)
    assert wrong == [], "\n".join(wrong[:40])
    assert shown > 200, "the payload stood on the pages"


ELSEWHERE = (
    "//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "///evil.example",
    "\t//evil.example",
    "javascript:alert(1)", "http:///evil.example", "//testserver@evil.example", "https://testserver.evil.example",
    "\\\\evil.example", "http:\\\\evil.example", "data:text/html,x", "\u202e//evil.example",
)  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_way_back_leads_out_of_the_site(house, wanted):
    client = clients(house)["peer"]
    for address, body in ((reverse("web:theme"), {"theme": "dark"}), ("/drafts/a:new/", {"discard": "1"})):
        answer = client.post(address, {**body, "next": wanted}, headers={"referer": f"http://evil.example/{address}"})
        assert answer.headers["Location"] == "/"


def test_a_way_back_is_one_line(house):
    answer = clients(house)["peer"].post(reverse("web:theme"), {"theme": "dark", "next": "/ok\r\nX-Evil: 1"})
    assert (answer.headers["Location"], "X-Evil" in answer.headers) == ("/ok%0D%0AX-Evil:%201", False)
