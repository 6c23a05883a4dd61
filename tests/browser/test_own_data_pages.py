"""Own data in a real browser: one click, the ZIP, and a portfolio brought along; on a phone and on a desk."""

import pytest

from competencies.models import Export, Supervision, Training
from tests.browser.harness import screenshot
from tests.competencies.own_data.zips import zipped
from tests.factories.competencies import SupervisionFactory, TrainingFactory


def clean(visit) -> None:
    assert (visit.axe(), visit.sideways(), visit.problems(), visit.small_targets()) == ([], 0, [], [])


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1280, "dark")])
def test_one_click_to_the_zip_and_back_in(open_page, sign_in, site, applicant, tmp_path, width, theme):
    TrainingFactory(person=applicant, key="t-own")
    SupervisionFactory(person=applicant, key="s-own", confirmed=True)
    options = {"cookies": sign_in(applicant.user), "width": width, "theme": theme}
    visit = open_page("/portfolio/", **options)
    clean(visit)
    name = f"own-data-{width}"
    screenshot(visit.page, f"{name}-1-portfolio")
    visit.page.click("text=Make a ZIP of my data")
    visit.page.wait_for_selector("text=Your ZIP is ready")
    clean(visit)
    screenshot(visit.page, f"{name}-2-ready")
    with visit.page.expect_download() as download:
        visit.page.click(f"text=Download {Export.objects.get().file.name}")
    assert download.value.path().stat().st_size == Export.objects.get().file.size
    visit.page.click("text=Bring a portfolio along")
    visit.page.wait_for_url("**/bring/")
    clean(visit)
    path = tmp_path / "portfolio.zip"
    path.write_bytes(zipped({"portfolio.json": b"{}"}).getvalue())
    visit.page.set_input_files("[name=file]", str(path))
    visit.page.click("main button:has-text('Bring it along')")
    visit.page.wait_for_selector("text=What stands in the way")
    assert [words for words in visit.complaints if "422" not in words] == []
    visit.complaints.clear()
    clean(visit)
    screenshot(visit.page, f"{name}-3-faults")
    path.write_bytes(zipped().getvalue())
    visit.page.set_input_files("[name=file]", str(path))
    visit.page.click("main button:has-text('Bring it along')")
    visit.page.wait_for_selector("text=3 added, 0 changed, 0 there already.")
    assert (Training.objects.count(), Supervision.objects.filter(accepted=False).count()) == (2, 1)


def test_both_pages_in_both_themes(check_page, sign_in, site, applicant):
    check_page("/portfolio/your-data/", cookies=sign_in(applicant.user))
    check_page("/portfolio/your-data/bring/", cookies=sign_in(applicant.user))
