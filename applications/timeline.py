"""Pure: what has happened to an application, what is happening now and who acts next (A22)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.enums import Status


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the history."""

    source: str
    target: str
    at: datetime.datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    """done, now or next."""
    what: str
    at: datetime.datetime | None = None
    by: datetime.date | None = None
    """Promised by this day."""


WHO_ACTS: dict[Status, Callable[[], str]] = {
    Status.DRAFT: lambda: _("You: do the parts in any order, then check and submit."),
    Status.SUBMITTED: lambda: _(
        "Nothing for you to do until we write. Your coordinator checks that everything is there."
    ),
    Status.CHANGES_REQUESTED: lambda: _("You: answer what was asked, then send the application again."),
    Status.UNDER_REVIEW: lambda: _("Nothing for you to do until we write. Reviewers read what you sent."),
    Status.REVIEWED: lambda: _("Nothing for you to do until we write. The association decides next."),
    Status.APPROVED_FOR_EXAM: lambda: _("You: sit the exam. Your coordinator records the result."),
    Status.DEFERRED: lambda: _("You: work on the tasks in your own time, then send the application again."),
    Status.ENDORSED: lambda: _("Nothing: you are endorsed. Congratulations."),
    Status.EMERGING: lambda: _("You hold the add-on as emerging. Finish what is missing, then apply for it in full."),
    Status.NOT_ENDORSED: lambda: _("Your coordinator is there to talk about what comes next."),
    Status.WITHDRAWN: lambda: _("This application was withdrawn. Your portfolio is kept."),
}
"""Who acts next, in a sentence. Total: a test walks the enum."""

REVIEW_PATH = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.REVIEWED)


def steps(status: Status, changes: Sequence[Change], *, review_ends_on: datetime.date) -> tuple[Step, ...]:
    """From the last submission on: what is done with its instant, what is going on, what comes by when."""
    sent = _last(changes, Status.SUBMITTED)
    if sent is None:
        return ()
    rows = [Step("done", _("Sent by you"), at=sent.at)]
    if status in REVIEW_PATH:
        return (*rows, *_review(status, changes, sent.at, review_ends_on))
    started = _last(changes, Status.UNDER_REVIEW, after=sent.at)
    read = _last(changes, Status.REVIEWED, after=sent.at)
    if started:
        rows.append(Step("done", _("Checked: everything is there"), at=started.at))
    if read:
        rows.append(Step("done", _("Read by reviewers"), at=read.at))
    last = changes[-1]
    kind = "done" if status in (Status.ENDORSED, Status.EMERGING, Status.NOT_ENDORSED, Status.WITHDRAWN) else "now"
    rows.append(Step(kind, str(status.label), at=last.at))
    if status == Status.APPROVED_FOR_EXAM:
        rows.append(Step("next", _("The result of the exam, then the decision")))
    return tuple(rows)


def _review(
    status: Status, changes: Sequence[Change], sent_at: datetime.datetime, review_ends_on: datetime.date
) -> list[Step]:
    """Checked, read, decided, told: up to now done, one now, the rest next."""
    place = REVIEW_PATH.index(status)
    words = (
        (_("Checked: everything is there"), _("Your coordinator checks that everything is there")),
        (_("Read by reviewers"), _("Reviewers read it")),
        (_("Decided"), _("The association decides")),
    )
    later = [_last(changes, target, after=sent_at) for target in REVIEW_PATH[1:]]
    reached = [sent_at, *(change.at if change else None for change in later), None]
    rows = []
    for index, (done, doing) in enumerate(words):
        if index < place:
            rows.append(Step("done", done, at=reached[index + 1]))
        else:
            rows.append(Step("now", doing, at=reached[index]) if index == place else Step("next", doing))
    rows.append(Step("next", _("You hear from us, with a person to call"), by=review_ends_on))
    return rows


def _last(changes: Sequence[Change], target: Status, *, after: datetime.datetime | None = None) -> Change | None:
    return next(
        (change for change in reversed(changes) if change.target == target and (after is None or change.at >= after)),
        None,
    )
