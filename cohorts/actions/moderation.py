"""Keeping the room kind: report, hide and restore with a reason, pin and close threads."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts import rules
from cohorts.actions.notices import tell
from cohorts.enums import ReportState
from cohorts.models import Cohort, Post, PostReport, Thread
from endorsement_portal.audit.actions import record
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import NotAllowed
from members.models import User
from members.queries import staff_recipient


def report(*, post: Post, by: User, reason: str) -> PostReport:
    """Show a post to the coordinators. A second report of the same person keeps the first."""
    with transaction.atomic():
        cohort = post.thread.cohort
        if not rules.may_read(by, cohort):
            raise NotAllowed.because("not_a_member", _("You have no seat in this cohort."), where="cohorts:list")
        if post.author_id == by.pk:
            raise NotAllowed.because("own_post", _("This is your own post."), fix=_("You can change it for a while."))
        _demand_reason(reason)
        row, created = PostReport.objects.get_or_create(post=post, reporter=by, defaults={"reason": reason.strip()})
        if created:
            record(verb="discussion.reported", obj=post, by=by, chain=cohort.association.code, text=reason.strip())
        return row


def hide(*, post: Post, by: User, reason: str, now: datetime | None = None) -> Post:
    """Take a post out of sight. Its author and those who reported it are told; open reports are answered by this."""
    with transaction.atomic():
        now = now or timezone.now()
        cohort = _demand_moderator(post.thread.cohort, by)
        _demand_reason(reason)
        hidden = Post.objects.filter(pk=post.pk, hidden_at__isnull=True).update(
            hidden_at=now, hidden_by=by, hidden_reason=reason.strip(), updated_at=now
        )
        post.refresh_from_db()
        if not hidden:
            return post
        event = record(verb="discussion.hidden", obj=post, by=by, chain=cohort.association.code, text=reason.strip())
        _tell(post, cohort, event.pk, user=post.author, outcome="hidden", reason=post.hidden_reason)
        _answer_reports(post, cohort, by, ReportState.HIDDEN, event.pk, now)
        return post


def restore(*, post: Post, by: User, reason: str, now: datetime | None = None) -> Post:
    """Show a hidden post again."""
    with transaction.atomic():
        now = now or timezone.now()
        cohort = _demand_moderator(post.thread.cohort, by)
        _demand_reason(reason)
        shown = Post.objects.filter(pk=post.pk, hidden_at__isnull=False).update(
            hidden_at=None, hidden_by=None, hidden_reason="", updated_at=now
        )
        post.refresh_from_db()
        if shown:
            event = record(
                verb="discussion.restored", obj=post, by=by, chain=cohort.association.code, text=reason.strip()
            )
            _tell(post, cohort, event.pk, user=post.author, outcome="restored", reason=reason.strip())
        return post


def keep(*, post: Post, by: User, reason: str, now: datetime | None = None) -> Post:
    """Answer the open reports of a post by leaving it as it is."""
    with transaction.atomic():
        cohort = _demand_moderator(post.thread.cohort, by)
        _demand_reason(reason)
        event = record(verb="discussion.kept", obj=post, by=by, chain=cohort.association.code, text=reason.strip())
        _answer_reports(post, cohort, by, ReportState.KEPT, event.pk, now or timezone.now())
        return post


def pin(*, thread: Thread, by: User, pinned: bool, now: datetime | None = None) -> Thread:
    """Keep a thread above the others, or let it go."""
    return _mark(thread, by, "pinned", now or timezone.now(), on=pinned)


def lock(*, thread: Thread, by: User, locked: bool, now: datetime | None = None) -> Thread:
    """Take no more replies, or take them again."""
    return _mark(thread, by, "locked", now or timezone.now(), on=locked)


def _mark(thread: Thread, by: User, what: str, now: datetime, *, on: bool) -> Thread:
    with transaction.atomic():
        cohort = _demand_moderator(thread.cohort, by)
        changed = Thread.objects.filter(pk=thread.pk, **{f"{what}_at__isnull": on}).update(
            **{f"{what}_at": now if on else None}
        )
        if changed:
            verb = f"discussion.{what}" if on else f"discussion.un{what}"
            record(verb=verb, obj=thread, by=by, chain=cohort.association.code)
        thread.refresh_from_db()
        return thread


def _demand_moderator(cohort: Cohort, by: User) -> Cohort:
    if not rules.may_run(by, cohort.association):
        raise NotAllowed.because("coordinator", _("Only a coordinator of this association can do this."))
    return cohort


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed.because("reason", _("Please give a reason in a few words."))


def _answer_reports(post: Post, cohort: Cohort, by: User, state: ReportState, event_id: int, now: datetime) -> None:
    waiting = post.reports.filter(state=ReportState.OPEN).select_related("reporter")
    for row in waiting:
        row.state = state
        row.handled_by = by
        row.handled_at = now
        row.save()
        _tell(post, cohort, event_id, user=row.reporter, outcome=f"report_{state}", reason="")


def _tell(post: Post, cohort: Cohort, event_id: int, *, user: User, outcome: str, reason: str) -> None:
    tell(
        to=staff_recipient(user),
        cohort=cohort,
        kind="post_hidden",
        key=f"mod:{event_id}:{user.pk}",
        context={
            "outcome": outcome,
            "reason": reason,
            "title": post.thread.title,
            "thread": absolute("cohorts:thread", post.thread.uuid),
        },
    )
