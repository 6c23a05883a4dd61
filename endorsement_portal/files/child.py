"""The limited child: `python -m endorsement_portal.files.child KIND SOURCE TARGET LIMITS`.

It limits itself before it opens anything, cleans SOURCE into TARGET and prints one line of JSON: {"ok": true, ...}
or {"ok": false, "code": ...} with a code of `refusals.MESSAGES`. It never loads Django's settings and holds no secret.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from endorsement_portal.files.limits import Limits, Unfit

PREVIEW = "preview-"
"""Followed by the kind of the file that is drawn."""
FILES_OPEN_MAX = 64
NICENESS = 10


def limit_self(limits: Limits) -> None:
    """No way back: soft and hard limits both. Nothing is dumped when the kernel ends us. People's pages go first."""
    os.nice(NICENESS)
    for what, ceiling in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_NOFILE, FILES_OPEN_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (ceiling, ceiling))


def cleaner_for(kind: str) -> Callable[[Path, Path, Limits], dict[str, Any]]:
    """Parsers are imported here, after the limits stand."""
    if kind == "pdf":
        from endorsement_portal.files.clean_pdf import clean_pdf

        return clean_pdf
    if kind.startswith(PREVIEW):
        from endorsement_portal.files.draw_preview import draw_preview

        return partial(draw_preview, kind.removeprefix(PREVIEW))
    if kind == "sheet":
        from endorsement_portal.sheets.reading import read_sheet

        return read_sheet
    from endorsement_portal.files.clean_image import clean_image

    return partial(clean_image, kind)


def answer(kind: str, source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    """What the parent reads. Every failure of a parser is a reason, never a traceback."""
    try:
        return {"ok": True, **cleaner_for(kind)(source, target, limits)}
    except Unfit as unfit:
        return {"ok": False, "code": unfit.code, "params": unfit.params}
    except MemoryError:
        return {"ok": False, "code": "bomb"}
    except RecursionError:
        return {"ok": False, "code": "too_complex"}
    except Exception:  # noqa: BLE001 - whatever a hostile file makes a parser raise
        return {"ok": False, "code": "damaged"}


def main(arguments: list[str]) -> int:
    kind, source, target, packed = arguments
    limits = Limits(**json.loads(packed))
    limit_self(limits)
    sys.stdout.write(json.dumps(answer(kind, Path(source), Path(target), limits)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
