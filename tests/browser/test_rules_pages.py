"""The pages about rules in a real browser: clean in both themes on a phone and a desk, usable from end to end."""

import datetime
import json

import pytest

from applications.actions import rule_change_jobs, rule_changes
from applications.models import RuleChange
from tests.applications.change_desk import bundle, counted, editor_of, keeper_of, plant
from tests.browser.harness import screenshot
from tests.factories.competencies import StandingFactory
from tests.factories.members import AssociationFactory, StaffRoleFactory
from tests.house.world import second_factor

DESK = "/admin/xx-pr"


@pytest.fixture
def planted(site):
    home = AssociationFactory(code="XX-PR", name="Prairie Rivers Association", abbreviation="PR", portal=True)
    away = AssociationFactory(code="XX-HL", name="Harbor Lights Association", abbreviation="HL", portal=True)
    made = plant(home, away, editor_of(home), keeper_of(home))
    made.coordinator = StaffRoleFactory(association=home, user__person__name="Linnea Rivermoss").user
    second_factor(made.editor, made.keeper, made.coordinator)
    return made


def test_the_pages_about_rules_are_clean(planted, check_page, open_page, sign_in):
    change = counted(planted)
    settings = rule_changes.propose_settings(
        association=planted.association,
        data={"max_group_size": 5, "names": {"IFS": "Infant Family Practitioner"}, "coverage": "block"},
        by=planted.editor,
    )
    cookies = sign_in(planted.keeper)
    pages = {
        "standards": f"{DESK}/standards/",
        "rule-changes": f"{DESK}/standards/changes/",
        "rule-change": f"{DESK}/standards/changes/{change.uuid}/",
        "rule-change-waiting": f"{DESK}/standards/changes/{settings.uuid}/",
        "rule-settings": f"{DESK}/standards/settings/",
        "edition-upload": f"{DESK}/standards/upload/",
    }
    for path in pages.values():
        check_page(path, cookies=cookies)
    RuleChange.objects.filter(pk=settings.pk).update(job_state="dead")
    check_page(pages["rule-change-waiting"], cookies=cookies)
    RuleChange.objects.filter(pk=settings.pk).update(job_state="waiting")
    rule_change_jobs.work_on_pending()
    later = datetime.date.today() + datetime.timedelta(days=40)
    rule_changes.publish(change=change, by=planted.keeper, effective_from=later)
    check_page(f"{DESK}/standards/compare/", cookies=cookies)
    pages["compare"] = f"{DESK}/standards/compare/"
    for name, path in pages.items():
        for width in (1280, 320):
            visit = open_page(path, cookies=cookies, width=width)
            visit.resize(width)
            screenshot(visit.page, f"{name}-{width}")
            assert visit.small_targets() == [], path


def test_an_edition_is_uploaded_mended_and_counted(planted, open_page, sign_in, tmp_path):
    broken, good = bundle(), bundle()
    broken["categories"]["ruleset"]["title"] = ""
    for name, content in (("broken", broken), ("good", good)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    visit = open_page(f"{DESK}/standards/upload/", cookies=sign_in(planted.keeper), width=320)
    page = visit.page
    page.set_input_files("input[type=file]", tmp_path / "broken.json")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("categories.json $.ruleset.title").first.wait_for()
    screenshot(page, "edition-faults-320")
    page.set_input_files("input[type=file]", tmp_path / "good.json")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("heading", name="Working rule set, fall 2026").wait_for()
    rule_change_jobs.work_on_pending()
    page.reload()
    page.get_by_text("30 h").first.wait_for()
    assert [line for line in visit.problems() if "422" not in line] == []


def test_whom_a_correction_concerns_is_shown_before_it_is_done(planted, check_page, open_page, sign_in):
    mentor = planted.people[1].supervision.first().provider
    standing = mentor.standings.get()
    StandingFactory(person=mentor, code="IFS", association=planted.association)
    cookies = sign_in(planted.coordinator)
    path = f"{DESK}/supervision/{mentor.uuid}/standings/{standing.uuid}/"
    check_page(f"{DESK}/supervision/{mentor.uuid}/", cookies=cookies)
    check_page(f"{path}end/", cookies=cookies)
    check_page(f"{path}correct/", cookies=cookies)
    visit = open_page(f"{path}end/", cookies=cookies, width=320)
    visit.page.fill("input[name=ends_on]", "2025-01-10")
    visit.page.get_by_role("button", name="See whom it concerns").click()
    visit.page.get_by_text("This changes the counted hours of 11 people.").wait_for()
    screenshot(visit.page, "standing-preview-320")
    visit.page.get_by_role("button", name="End this standing").click()
    visit.page.get_by_text("Sessions up to and including it still count.").wait_for()
    assert visit.problems() == []
