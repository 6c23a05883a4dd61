"""Importing a log in a real browser: on a phone without script, on a desk with it, every page of the way clean."""

import json

import pytest

from competencies.models import LogImport, Training
from tests.browser.harness import DESK, PHONE, screenshot
from tests.competencies.log_import import logs

INDEX = "/portfolio/import/"


def write(tmp_path, rows, name="my-log.csv"):
    path = tmp_path / name
    path.write_bytes(logs.file_of(rows).read())
    return str(path)


def clean(visit) -> None:
    assert (visit.axe(), visit.sideways(), visit.problems(), visit.small_targets()) == ([], 0, [], [])


def walk_to_preview(visit, path) -> None:
    visit.page.check("[name=kind][value=training]")
    visit.page.set_input_files("[name=file]", path)
    visit.page.click("text=Read the file")
    visit.page.wait_for_url("**/columns/")
    clean(visit)
    visit.page.click("text=See what would be imported")
    visit.page.wait_for_url(lambda url: url.rstrip("/").count("/") == 5)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "javascript"), [(PHONE, False), (DESK, True)])
def test_a_log_comes_in_and_goes_again(open_page, sign_in, site, applicant, tmp_path, width, javascript, theme):
    options = {"cookies": sign_in(applicant.user), "width": width, "theme": theme}
    visit = open_page(INDEX, javascript=javascript, **options)
    if not javascript:
        visit.axe = list  # type: ignore[method-assign] # it is a script itself
        visit.problems = lambda: visit.complaints  # type: ignore[method-assign]
    clean(visit)
    name = f"import-{width}-{theme}"
    screenshot(visit.page, f"{name}-1-index")
    walk_to_preview(visit, write(tmp_path, logs.with_faults(logs.rows(400))))
    assert visit.page.inner_text("h1") == "12 rows need another look"
    clean(visit)
    screenshot(visit.page, f"{name}-3-faults")
    visit.page.set_input_files("[name=file]", write(tmp_path, logs.rows(60)))
    visit.page.click("text=Read the corrected file")
    visit.page.wait_for_selector("text=60 entries would be imported")
    clean(visit)
    screenshot(visit.page, f"{name}-4-trial")
    visit.page.click("text=Import 60 entries")
    visit.page.wait_for_selector("text=60 entries are in your portfolio")
    clean(visit)
    screenshot(visit.page, f"{name}-5-done")
    assert Training.objects.count() == 60
    visit.page.click("text=Undo this import")
    visit.page.wait_for_url("**/undo/")
    clean(visit)
    screenshot(visit.page, f"{name}-6-undo")
    visit.page.click("main button:has-text('Undo this import')")
    visit.page.wait_for_selector("text=This import is undone")
    assert Training.objects.count() == 0


def test_columns_on_both_widths_and_in_both_themes(check_page, open_page, sign_in, site, applicant, tmp_path):
    cookies = sign_in(applicant.user)
    visit = open_page(INDEX, cookies=cookies)
    visit.page.check("[name=kind][value=training]")
    visit.page.set_input_files("[name=file]", write(tmp_path, logs.rows(5)))
    visit.page.click("text=Read the file")
    visit.page.wait_for_url("**/columns/")
    address = f"/portfolio/import/{LogImport.objects.get().uuid}/columns/"
    check_page(address, cookies=cookies)
    for width in (DESK, PHONE):
        screenshot(open_page(address, cookies=cookies, width=width).page, f"import-{width}-2-columns")
    visit.page.select_option("[name=title]", "")
    visit.page.click("text=See what would be imported")
    visit.page.wait_for_selector(".errors")
    assert (visit.axe(), visit.sideways(), visit.small_targets()) == ([], 0, [])


def test_the_bar_moves_by_itself_and_the_page_arrives(open_page, sign_in, site, applicant, tmp_path, settings):
    """The worker is away while the person watches; then it comes."""
    settings.CELERY_TASK_ALWAYS_EAGER = False
    from celery import current_app

    current_app.conf.task_always_eager = False
    try:
        visit = open_page(INDEX, cookies=sign_in(applicant.user))
        walk_to_preview(visit, write(tmp_path, logs.rows(5)))
        visit.page.click("text=Import 5 entries")
        visit.page.wait_for_selector("#import-progress progress")
        clean(visit)
        screenshot(visit.page, "import-progress")
        from competencies.actions import importing

        importing.run_pending()
        visit.page.wait_for_selector("text=5 entries are in your portfolio")
    finally:
        current_app.conf.task_always_eager = True
    assert json.dumps(visit.problems()) == "[]"
