"""What libraries say in our pages is said in our way, and the catalog that is read is the one that is written."""

import gettext
import re

from django.utils.translation import gettext as translated
from django.utils.translation import override

from tests.house.tree import ROOT

CATALOG = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
ENTRY = re.compile(r'^msgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)


def written() -> dict[str, str]:
    return dict(ENTRY.findall(CATALOG.read_text(encoding="utf-8")))


def test_the_compiled_catalog_is_the_written_one():
    with CATALOG.with_suffix(".mo").open("rb") as handle:
        compiled = gettext.GNUTranslations(handle)._catalog
    assert {key: words for key, words in compiled.items() if key} == written()


def test_libraries_speak_like_us():
    with override("en"):
        assert translated("Remember Me") == "Keep me signed in"
        assert all(translated(theirs) == ours for theirs, ours in written().items())


def test_no_words_of_our_own_are_changed_on_the_way():
    """We write what we mean in the place where it stands."""
    own = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").rglob("*.html"))]
    own += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "members").rglob("*.py"))]
    found = [theirs for theirs in written() for text in own if f'"{theirs}"' in text]
    assert found == []
