"""A log of 5,000 rows, from the upload to the entries in the portfolio, in under 10 seconds and in a few statements.

Seconds of the processor, the reading child's among them: other work on the machine does not count.
"""

import os
import sys
import time
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.actions import importing, log_imports
from competencies.enums import EntryKind, ImportState
from competencies.models import Training
from competencies.queries import log_imports as queries
from tests.benchmarks.speed import allowed
from tests.competencies.log_import import logs

ROWS = 5000
SECONDS_MAX = 10
WRITING_STATEMENTS_MAX = 130
"""SQLite takes 999 values in one statement: that is 62 entries."""

pytestmark = [pytest.mark.django_db, pytest.mark.measured]


def clocks() -> tuple[float, float]:
    """The processor's time of this process and its children, and the time on the wall."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system, time.perf_counter()


@pytest.mark.parametrize("make", [logs.file_of, logs.workbook_of], ids=["csv", "xlsx"])
def test_five_thousand_rows_are_imported_in_time(applicant, make, capsys):
    file = make(logs.rows(ROWS))
    laps = [clocks()]
    log_import = log_imports.upload(person=applicant, by=applicant.user, kind=EntryKind.TRAINING, file=file)
    laps.append(clocks())
    columns, _complete = queries.first_columns(applicant, EntryKind.TRAINING, queries.table_for(log_import))
    log_imports.say_columns(log_import=log_import, by=applicant.user, columns=columns)
    found = queries.dry_run(log_import)
    laps.append(clocks())
    log_imports.confirm(log_import=log_import, by=applicant.user)
    with CaptureQueriesContext(connection) as captured:
        done = importing.run(import_uuid=log_import.uuid)
    laps.append(clocks())
    importing.undo(log_import=done, by=applicant.user)
    laps.append(clocks())

    steps = zip(("read", "columns and trial", "confirmed and imported", "undone"), pairwise(laps), strict=True)
    said = [f"{what} {end[0] - start[0]:.2f} s ({end[1] - start[1]:.2f} s)" for what, (start, end) in steps]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{ROWS} rows, {file.name}, {len(captured)} statements, processor (wall): {', '.join(said)}\n"
        )
    assert (len(found.new), done.state, done.added, Training.objects.count()) == (ROWS, ImportState.UNDONE, ROWS, 0)
    assert laps[3][0] - laps[0][0] < allowed(SECONDS_MAX)
    assert laps[4][0] - laps[3][0] < allowed(SECONDS_MAX)
    assert len(captured) <= WRITING_STATEMENTS_MAX
