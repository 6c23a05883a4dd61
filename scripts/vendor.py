"""Copy the browser assets we ship out of node_modules, with licenses and SHA-256 sums. Maintainers only.

    npm ci && python scripts/vendor.py

Users need no Node: the copies are committed, and tests/house/test_vendor.py compares them with the sums.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTICE = ROOT / "static" / "vendor" / "NOTICE.md"
MANIFEST = ROOT / "static" / "vendor" / "SHA256SUMS"
ICON_FOLDER = ROOT / "templates" / "components" / "icons"
ICON_NAMES = ROOT / "scripts" / "icons.txt"
FONT_PACKAGES = "@fontsource-variable"
SOURCE_MAP = re.compile(rb"\s*(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\s*")

# source inside node_modules -> target inside the repository
FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "static/vendor/bootstrap-5.3.9/bootstrap.min.css",
    "bootstrap/LICENSE": "static/vendor/bootstrap-5.3.9/LICENSE.txt",
    "htmx.org/dist/htmx.min.js": "static/vendor/htmx-2.0.11/htmx.min.js",
    "htmx.org/LICENSE": "static/vendor/htmx-2.0.11/LICENSE.txt",
    "bootstrap-icons/LICENSE": "templates/components/icons/LICENSE.txt",
    "axe-core/axe.min.js": "tests/browser/vendor/axe.min.js",
    "axe-core/LICENSE": "tests/browser/vendor/LICENSE-axe-core.txt",
    f"{FONT_PACKAGES}/atkinson-hyperlegible-next/LICENSE": "static/fonts/OFL-Atkinson-Hyperlegible-Next.txt",
    f"{FONT_PACKAGES}/literata/LICENSE": "static/fonts/OFL-Literata.txt",
    **{
        f"{FONT_PACKAGES}/{family}/files/{name}.woff2": f"static/fonts/{name}.woff2"
        for family, name in (
            ("atkinson-hyperlegible-next", "atkinson-hyperlegible-next-latin-wght-normal"),
            ("atkinson-hyperlegible-next", "atkinson-hyperlegible-next-latin-wght-italic"),
            ("atkinson-hyperlegible-next", "atkinson-hyperlegible-next-latin-ext-wght-normal"),
            ("atkinson-hyperlegible-next", "atkinson-hyperlegible-next-latin-ext-wght-italic"),
            ("literata", "literata-latin-wght-normal"),
            ("literata", "literata-latin-ext-wght-normal"),
        )
    },
}


# part, version, license, where its text stands
PARTS = (
    ("Bootstrap (style sheet)", "5.3.9", "MIT", "static/vendor/bootstrap-5.3.9/LICENSE.txt"),
    ("htmx", "2.0.11", "0BSD", "static/vendor/htmx-2.0.11/LICENSE.txt"),
    ("Bootstrap Icons (drawn inline)", "1.13.2", "MIT", "templates/components/icons/LICENSE.txt"),
    ("Atkinson Hyperlegible Next", "5.3.0", "OFL-1.1", "static/fonts/OFL-Atkinson-Hyperlegible-Next.txt"),
    ("Literata", "5.3.0", "OFL-1.1", "static/fonts/OFL-Literata.txt"),
    ("axe-core (tests only)", "4.14.1", "MPL-2.0", "tests/browser/vendor/LICENSE-axe-core.txt"),
)


def icon_names() -> list[str]:
    return ICON_NAMES.read_text().split()


def icon_body(svg: str) -> str:
    """The shapes of an icon without its frame: the template tag draws the frame."""
    match = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if match is None:
        raise ValueError("not an icon")
    return re.sub(r"\s*\n\s*", "", match.group(1)).strip() + "\n"


def notice() -> str:
    """Whose work we ship, as a table."""
    rows = "".join(f"| {part} | {version} | {name} | {path} |\n" for part, version, name, path in PARTS)
    head = "# What others made\n\n| part | version | license | its text |\n|---|---|---|---|\n"
    return head + rows


def sums(root: Path, paths: list[str]) -> str:
    """One line for each file, sorted by path, in the format of sha256sum."""
    return "".join(f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}\n" for path in sorted(paths))


def main(modules: Path) -> None:
    targets = []
    for source, target in FILES.items():
        (ROOT / target).parent.mkdir(parents=True, exist_ok=True)
        if target.endswith((".css", ".js")):
            # A source map that is not shipped breaks the hashed static files of production.
            (ROOT / target).write_bytes(SOURCE_MAP.sub(b"\n", (modules / source).read_bytes()))
        else:
            shutil.copyfile(modules / source, ROOT / target)
        targets.append(target)
    ICON_FOLDER.mkdir(parents=True, exist_ok=True)
    for old in ICON_FOLDER.glob("*.svg"):
        old.unlink()
    for name in icon_names():
        svg = (modules / "bootstrap-icons" / "icons" / f"{name}.svg").read_text()
        (ICON_FOLDER / f"{name}.svg").write_text(icon_body(svg))
        targets.append(f"templates/components/icons/{name}.svg")
    MANIFEST.write_text(sums(ROOT, targets))
    NOTICE.write_text(notice())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "node_modules")
