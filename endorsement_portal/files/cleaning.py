"""The web process's side of cleaning: the file goes into a limited child, a clean copy or a reason comes out.

No parser ever runs in the web process. The child gets no secrets (an empty environment), limited memory, processor
time, file size and wall-clock time, and its own temporary folder.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from endorsement_portal.files.kinds import Kind
from endorsement_portal.files.refusals import MESSAGES, Refused

logger = logging.getLogger(__name__)

CHILD_MODULE = "endorsement_portal.files.child"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
ANSWER_BYTES_MAX = 10_000
GRACE_SECONDS = 2
"""A child that is not done this long after its processor time could have been used up is ended."""
CHILDREN_AT_ONCE = 2
_turn = BoundedSemaphore(CHILDREN_AT_ONCE)
"""For each web process: uploads wait for one another, so that a flood of them leaves the processors to other people."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    content: bytes
    kind: Kind
    """What the clean copy is: a HEIC picture comes back as JPEG."""
    pages: int | None


def clean(upload: UploadedFile, kind: Kind) -> Cleaned:
    """The clean copy of `upload`. Raises Refused with the child's reason."""
    answer, content = in_child(upload.chunks(), kind)
    if not answer.get("ok"):
        raise _refusal(answer)
    return Cleaned(content=content, kind=Kind(answer["kind"]), pages=answer.get("pages"))


def in_child(chunks: Iterable[bytes], kind: str) -> tuple[dict[str, Any], bytes]:
    """The child's answer for this kind of work, and what it wrote (empty when its answer is no)."""
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        _spill(chunks, source)
        answer = _in_turn(kind, source, target)
        return answer, target.read_bytes() if answer.get("ok") else b""


def _spill(chunks: Iterable[bytes], source: Path) -> None:
    try:
        with source.open("wb") as handle:
            for chunk in chunks:
                handle.write(chunk)
    except OSError:
        logger.exception("An upload could not be written to the temporary folder")
        raise Refused("not_saved") from None


def _limits() -> dict[str, int]:
    return {
        "memory_bytes": settings.FILES_CHILD_MEMORY_BYTES,
        "cpu_seconds": settings.FILES_CHILD_CPU_SECONDS,
        "output_bytes": settings.UPLOAD_BYTES_MAX * 3,
        "pixels": settings.UPLOAD_PIXELS_MAX,
        "pages": settings.UPLOAD_PAGES_MAX,
    }


def _in_turn(kind: str, source: Path, target: Path) -> dict[str, Any]:
    if not _turn.acquire(timeout=settings.FILES_CHILD_CPU_SECONDS):
        return {"code": "not_saved"}
    try:
        return _run_child(kind, source, target)
    finally:
        _turn.release()


def _run_child(kind: str, source: Path, target: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", CHILD_MODULE, str(kind), str(source), str(target), json.dumps(_limits())]
    try:
        run = subprocess.run(  # noqa: S603 - our own interpreter, our own module, no words of the person
            command,
            cwd=settings.BASE_DIR,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=settings.FILES_CHILD_CPU_SECONDS + GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"code": "too_complex"}
    if run.returncode != 0 or len(run.stdout) > ANSWER_BYTES_MAX:
        logger.warning("The child that cleans files ended with %s: %s", run.returncode, run.stderr[-500:])
        return {"code": "too_complex"}
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def _refusal(answer: dict[str, Any]) -> Refused:
    code = answer.get("code", "")
    return Refused(code if code in MESSAGES else "damaged", **answer.get("params", {}))
