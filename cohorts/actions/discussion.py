"""What peers say: starting a thread, replying, correcting one's own words."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts import markdown, rules
from cohorts.actions.notices import tell_members
from cohorts.models import Cohort, Post, PostRevision, Thread
from endorsement_portal.audit.actions import record
from endorsement_portal.web.addresses import absolute
from endorsement_portal.workflow import NotAllowed
from members.models import User


def start_thread(
    *, cohort: Cohort, by: User, title: str, body: str, is_notice: bool = False, now: datetime | None = None
) -> Thread:
    """A new thread with its first post. A coordinator's notice is pinned at once and mailed to everyone with a seat."""
    with transaction.atomic():
        now = now or timezone.now()
        _demand_reader(by, cohort, now)
        if is_notice and not rules.may_run(by, cohort.association):
            raise NotAllowed.because("coordinator", _("Only a coordinator can post a notice to everyone."))
        thread = Thread.objects.create(
            cohort=cohort,
            author=by,
            title=title.strip(),
            is_notice=is_notice,
            pinned_at=now if is_notice else None,
            last_post_at=now,
            post_count=1,
        )
        post = _write(thread, by, body)
        if is_notice:
            record(verb="discussion.notice", obj=thread, by=by, chain=cohort.association.code)
            tell_members(
                cohort=cohort,
                kind="notice",
                key=f"notice:{post.pk}",
                context={"title": thread.title, "thread": absolute("cohorts:thread", thread.uuid)},
                but=by,
            )
    return thread


def reply(*, thread: Thread, by: User, body: str, now: datetime | None = None) -> Post:
    with transaction.atomic():
        now = now or timezone.now()
        _demand_reader(by, thread.cohort, now)
        changed = Thread.objects.filter(pk=thread.pk, locked_at__isnull=True).update(
            post_count=F("post_count") + 1, last_post_at=now, updated_at=now
        )
        if not changed:
            raise NotAllowed.because(
                "locked", _("A coordinator has closed this thread."), fix=_("Start a new thread instead.")
            )
        return _write(thread, by, body)


def edit(*, post: Post, by: User, body: str, now: datetime | None = None) -> Post:
    """Correct one's own post, while it is young. What it said before is kept."""
    with transaction.atomic():
        now = now or timezone.now()
        post = _locked(post)
        cohort = post.thread.cohort
        _demand_reader(by, cohort, now)
        minutes = rules.edit_minutes(cohort)
        if not rules.may_edit(by, post, edit_minutes=minutes, now=now):
            raise NotAllowed.because(
                "edit_window",
                _("A post can be changed by its author for %(minutes)d minutes.") % {"minutes": minutes},
                fix=_("Write a reply that puts it right."),
            )
        if body.strip() == post.body:
            return post
        PostRevision.objects.create(post=post, body=post.body, replaced_at=now)
        post.body = body.strip()
        post.html = markdown.to_html(post.body)
        post.edited_at = now
        post.save(update_fields=["body", "html", "edited_at", "updated_at"])
        return post


def _demand_reader(by: User, cohort: Cohort, now: datetime) -> None:
    if not rules.may_read(by, cohort):
        raise NotAllowed.because("not_a_member", _("You have no seat in this cohort."), where="cohorts:list")
    if not rules.accepts_posts(cohort, now):
        raise NotAllowed.because("read_only", _("This cohort is over; its discussion can only be read."))


def _write(thread: Thread, by: User, body: str) -> Post:
    body = body.strip()
    return Post.objects.create(thread=thread, author=by, body=body, html=markdown.to_html(body))


def _locked(post: Post) -> Post:
    rows = Post.objects.select_for_update(of=("self",)).select_related("thread__cohort__association__settings")
    return rows.get(pk=post.pk)
