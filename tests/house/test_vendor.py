"""The browser assets we ship are the ones their checksums name, with a license beside each, and nothing calls home."""

import hashlib
import json
import re

from scripts import vendor
from tests.house.tree import ROOT

LINES = [line.split("  ", 1) for line in vendor.MANIFEST.read_text().splitlines()]
SUMS = {path: digest for digest, path in LINES}


def test_vendored_files_match_their_checksums():
    found = {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in SUMS}
    assert found == SUMS


def test_nothing_is_vendored_beside_the_manifest():
    folders = ("static/vendor", "static/fonts", "templates/components/icons", "tests/browser/vendor")
    present = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path not in (vendor.MANIFEST, vendor.NOTICE)
    }
    assert present == set(SUMS)


def test_versions_in_folders_are_those_of_the_package_file():
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    folders = {path.name for path in (ROOT / "static" / "vendor").iterdir() if path.is_dir()}
    assert folders == {f"bootstrap-{wanted['bootstrap']}", f"htmx-{wanted['htmx.org']}"}
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_each_package_has_its_license_beside_it():
    assert vendor.NOTICE.read_text() == vendor.notice()
    assert all(path in SUMS for _, _, _, path in vendor.PARTS)
    for folder in ("static/vendor/bootstrap-5.3.9", "static/vendor/htmx-2.0.11", "templates/components/icons"):
        assert (ROOT / folder / "LICENSE.txt").stat().st_size > 0
    assert len(list((ROOT / "static" / "fonts").glob("OFL-*.txt"))) == 2
    assert "Mozilla Public License" in (ROOT / "tests/browser/vendor/LICENSE-axe-core.txt").read_text()


def test_icons_are_the_listed_ones():
    names = {path.stem for path in vendor.ICON_FOLDER.glob("*.svg")}
    assert names == set(vendor.icon_names())


def test_no_source_map_is_asked_for():
    asking = [
        path for path in SUMS if path.endswith((".js", ".css")) and b"sourceMappingURL" in (ROOT / path).read_bytes()
    ]
    assert asking == []


def test_colors_live_in_the_tokens_alone():
    """Bright or dark is decided in one file; mails and printed papers, which have no themes, keep their own."""
    own = {
        "tokens.css",
        "email.css",
        "packet.css",
        "packet-a4.css",
        "certificate.css",
        "gap-paper.css",
        "paper.css",
    }
    pattern = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
    offenders = {
        f"{path.name}: {match.group()}"
        for path in (ROOT / "static" / "css").glob("*.css")
        if path.name not in own
        for match in pattern.finditer(re.sub(r"url\([^)]*\)|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL))
    }
    assert offenders == set()
