"""Own files in a real browser: a certificate goes in, its first page is seen, it is replaced, all leave as a ZIP."""

import zipfile

import pytest

from competencies.models import Evidence, Export
from endorsement_portal.files import previews
from tests.browser.harness import screenshot
from tests.factories.competencies import TrainingFactory
from tests.ground import corpus

NAMES = ("certificate.pdf", "letter.pdf")


def clean(visit) -> None:
    assert (visit.axe(), visit.sideways(), visit.problems(), visit.small_targets()) == ([], 0, [], [])


def pictures(visit) -> list[bool]:
    """Whether each first page on the page was really loaded; those below the fold wait to be scrolled to."""
    for picture in visit.page.locator("img.evidence__preview").all():
        picture.scroll_into_view_if_needed()
    visit.page.wait_for_load_state("networkidle")
    loaded: list[bool] = visit.page.evaluate(
        "[...document.querySelectorAll('img.evidence__preview')].map(one => one.naturalWidth > 0)"
    )
    visit.page.evaluate("window.scrollTo(0, 0)")  # else the bar at the foot may lie over half a field
    return loaded


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1280, "light")])
def test_from_a_file_to_all_of_them(open_page, sign_in, site, applicant, tmp_path, width, theme):
    training = TrainingFactory(person=applicant, key="t-files", title="Play with infants")
    for pages, name in enumerate(NAMES, start=1):
        (tmp_path / name).write_bytes(corpus.pdf(pages))
    visit = open_page(
        f"/portfolio/training/{training.uuid}/", cookies=sign_in(applicant.user), width=width, theme=theme
    )
    for number, name in enumerate(NAMES, start=1):
        visit.page.set_input_files("#file_document", str(tmp_path / name))
        visit.page.click("main button:has-text('Save the file')")
        visit.page.wait_for_selector(f".evidence__name:has-text('{name}')")
        assert Evidence.objects.current().count() == number
    previews.draw_pending()
    visit.page.reload()
    assert pictures(visit) == [True, True]
    clean(visit)
    screenshot(visit.page, f"files-{width}-1-entry")
    visit.page.goto(visit.page.url.split("/portfolio/")[0] + "/portfolio/evidence/")
    assert pictures(visit) == [True, True]
    clean(visit)
    screenshot(visit.page, f"files-{width}-2-all")
    visit.page.click("button:has-text('Download all files as a ZIP')")
    visit.page.wait_for_selector("text=Your ZIP is ready")
    clean(visit)
    export = Export.objects.get()
    with visit.page.expect_download() as download:
        visit.page.click(f"text=Download {export.file.name}")
    with zipfile.ZipFile(download.value.path()) as made:
        assert made.namelist() == ["files/0001-certificate.pdf", "files/0002-letter.pdf", "sheets/files.csv"]
    visit.page.goto(visit.page.url.split("/portfolio/")[0] + "/portfolio/evidence/?q=letter")
    visit.page.click("button:has-text('Remove')")
    visit.page.wait_for_selector("text=The file is taken off.")
    assert [one.file.name for one in Evidence.objects.current()] == ["certificate.pdf"]
