"""ZIPs of own data for tests: honest ones and others."""

import io
import json
import zipfile

from competencies.own_data.archive import MORE_FORMAT

PORTFOLIO = {
    "format": "endorsement-portfolio/1",
    "member": {"email": "a@example.org", "name": "A. Example"},
    "work": [{"title": "Doula", "from": "2020-01-01"}],
    "training": [{"key": "t1", "on": "2025-03-04", "title": "Play", "minutes": 90}],
    "providers": [{"key": "p1", "name": "Ines Larkmoor", "email": "ines@example.org"}],
    "supervision": [
        {"key": "s1", "on": "2025-02-03", "minutes": 60, "format": "individual", "provider": "p1",
         "attested_on": "2025-03-01"},
    ],
}  # fmt: skip
MORE = {"format": MORE_FORMAT, "keys": {"work": ["w-77"]}, "files": []}


def zipped(members=None, **options) -> io.BytesIO:
    """`members`: name -> bytes or JSON-plain data; by default an honest ZIP."""
    handle = io.BytesIO()
    with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in (members or honest()).items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    handle.seek(0)
    return handle


def honest() -> dict:
    return {"portfolio.json": PORTFOLIO, "more.json": MORE, "files/0001-certificate.pdf": b"%PDF", "READ-ME.txt": b"x"}


def names(handle) -> list[str]:
    with zipfile.ZipFile(handle) as archive:
        return archive.namelist()
