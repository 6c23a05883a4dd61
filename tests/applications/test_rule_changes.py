"""An edition proposed, counted on real people, published and told; open applications keep theirs."""

import datetime

import pytest

from applications.actions import rule_change_jobs, rule_changes
from applications.models import RuleChange, RuleChangeLine
from applications.queries import rule_changes as queries
from applications.queries.gap import own_report, report
from competencies.models import Category, Edition
from competencies.queries.standards import edition_for
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.workflow import NotAllowed
from tests.applications.change_desk import HOURS, NOW, TODAY, counted, editor_of, keeper_of, plant

pytestmark = pytest.mark.django_db


@pytest.fixture
def planted(association, other_association, settings):
    return plant(association, other_association, editor_of(association), keeper_of(association))


def by_hand(planted):
    """Name -> (met before, met after, minutes short before, minutes short after), counted without the product.

    Education is not asked of a Family Specialist, so hours alone decide: 24 before, 30 after. The tenth has an open
    application and stays; the eleventh is planned at another association.
    """
    rows = {}
    for number, hours in enumerate(HOURS[:10]):
        was, now = max(0, 24 - hours) * 60, max(0, 30 - hours) * 60
        if (was, now) != (0, 0):
            rows[f"Person {number:02d}"] = (hours >= 24, hours >= 30, was, now)
    return rows


def test_the_impact_list_equals_a_recount_by_hand(planted):
    change = counted(planted)
    assert (change.job_state, change.people, change.looked_at, change.counted_on) == ("done", 12, 12, TODAY)
    lines = {
        line.person.name: (line.met_before, line.met_after, line.short_before, line.short_after)
        for line in queries.lines_of(change, show="differs")
    }
    assert lines == by_hand(planted)
    stays = [(line.person.name, line.category, line.short_after) for line in queries.lines_of(change, show="stays")]
    assert stays == [("Person 10", "IFS", 0)]
    assert change.elsewhere == 1
    assert queries.totals(change) == queries.ImpactTotals(differ=7, stay=1, met_no_more=4, met_now=0)
    line = change.lines.get(person__name="Person 05")
    assert line.details == [
        {
            "label": "Reflective supervision/consultation received",
            "have_before": 1560, "have_after": 1560, "need_before": 1440, "need_after": 1800,
            "short_before": 0, "short_after": 240, "met_before": True, "met_after": False,
        }
    ]  # fmt: skip


def test_publishing_pins_what_is_open_and_tells_everybody_once(planted):
    change = counted(planted)
    before = own_report(planted.people[10], Category.objects.get(code="IFS")).findings
    rule_changes.publish(change=change, by=planted.keeper, now=NOW)
    rule_change_jobs.work_on_pending(now=NOW)
    rule_change_jobs.work_on_pending(now=NOW + datetime.timedelta(minutes=1))
    change.refresh_from_db()
    assert (change.job_state, change.task, change.told, change.edition.code) == ("done", "tell", 9, "iecmh-2026")
    assert edition_for(datetime.date(2026, 8, 31)).code == "iecmh-2025"
    assert edition_for(datetime.date(2026, 9, 1)).code == "iecmh-2026"
    application = planted.application
    application.refresh_from_db()
    assert application.edition.code == "iecmh-2025"
    assert own_report(planted.people[10], Category.objects.get(code="IFS")).findings == before
    later = report(planted.people[5], Category.objects.get(code="IFS"), datetime.date(2026, 9, 1))
    assert next(finding.need_minutes for finding in later.findings if finding.requirement == "rsc") == 1800
    notes = OutgoingMessage.objects.filter(kind="rules_changed")
    assert notes.count() == 9
    told = set(notes.values_list("to_email", flat=True))
    expected = {planted.people[n].email for n in (0, 1, 2, 3, 4, 5, 6, 10, 11)}
    assert told == expected
    note = notes.get(to_email=planted.people[5].email)
    assert note.context["categories"][0]["you"] == [
        "Reflective supervision/consultation received: 30 h are asked, before it was 24 h; you have 26 h. 4 h missing."
    ]
    assert note.context["categories"][0]["rules"] == [
        "Reflective supervision/consultation received, hours asked: 30 h, before 24 h"
    ]
    stays = notes.get(to_email=planted.people[10].email)
    assert stays.context["categories"][0]["reference"] == application.reference_number
    assert (stays.scope, notes.get(to_email=planted.people[11].email).scope) == ("XX-PR", "XX-HL")


def test_only_an_operator_publishes_and_only_what_is_counted(planted):
    change = counted(planted)
    with pytest.raises(NotAllowed) as caught:
        rule_changes.publish(change=change, by=planted.editor, now=NOW)
    assert caught.value.findings[0].requirement == "operators_only"
    RuleChange.objects.update(job_state="waiting")
    change.refresh_from_db()
    with pytest.raises(NotAllowed) as caught:
        rule_changes.publish(change=change, by=planted.keeper, now=NOW)
    assert caught.value.findings[0].requirement == "not_counted"
    assert Edition.objects.count() == 1
    assert RuleChangeLine.objects.exists()
