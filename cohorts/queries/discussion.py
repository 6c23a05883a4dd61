"""The discussion of one cohort. Rights are decided once per page, in the query that fetches the cohort or thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.safestring import SafeString

from cohorts import markdown, rules
from cohorts.enums import EnrolmentState, ReportState
from cohorts.models import Cohort, Enrolment, Post, PostReport, PostRevision, Thread
from members.enums import Role
from members.models import Association, Person, StaffRole

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may do in one cohort's discussion, now."""

    cohort: Cohort
    seated: bool
    moderates: bool
    may_write: bool
    edit_minutes: int


@dataclass(frozen=True, slots=True)
class PostRow:
    uuid: UUID
    author: Person | None
    author_name: str
    from_coordinator: bool
    is_mine: bool
    at: datetime
    edited_at: datetime | None
    body: SafeString
    """Empty where the post is hidden from this reader."""
    hidden: bool
    hidden_reason: str
    """Only for moderators and the author."""
    can_edit: bool
    can_report: bool
    reported: int
    """Open reports; only counted for moderators."""
    revisions: tuple[PostRevision, ...]
    """What it said before; only for moderators."""


def access(user: User | AnonymousUser, cohort_uuid: UUID, now: datetime) -> Access | None:
    """None when this person may not read: the page answers 404. One query."""
    if not user.is_authenticated:
        return None
    rights = _rights(user, "pk", "association_id")
    cohort = Cohort.objects.select_related("association__settings").annotate(**rights).filter(uuid=cohort_uuid).first()
    return _access(cohort, cohort, now) if cohort else None


def thread_access(
    user: User | AnonymousUser, thread_uuid: UUID, now: datetime
) -> tuple[Thread, Access] | tuple[None, None]:
    """A thread with the right to read it. One query."""
    if not user.is_authenticated:
        return None, None
    rights = _rights(user, "cohort_id", "cohort__association_id")
    threads = Thread.objects.select_related("cohort__association__settings").annotate(**rights)
    thread = threads.filter(uuid=thread_uuid).first()
    found = _access(thread.cohort, thread, now) if thread else None
    return (thread, found) if thread and found else (None, None)


def post_access(user: User | AnonymousUser, post_uuid: UUID, now: datetime) -> tuple[Post, Access] | tuple[None, None]:
    """A post with the right to read it. A hidden one is reached by its moderators only. One query."""
    if not user.is_authenticated:
        return None, None
    rights = _rights(user, "thread__cohort_id", "thread__cohort__association_id")
    posts = Post.objects.select_related("thread__cohort__association__settings", "author__person").annotate(**rights)
    post = posts.filter(uuid=post_uuid).first()
    found = _access(post.thread.cohort, post, now) if post else None
    if post is None or found is None or (post.hidden_at and not found.moderates):
        return None, None
    return post, found


def _rights(user: User, cohort: str, association: str) -> dict[str, Any]:
    seats = Enrolment.objects.filter(cohort_id=OuterRef(cohort), person__user_id=user.pk, state=EnrolmentState.SEATED)
    roles = StaffRole.objects.active().filter(
        association_id=OuterRef(association), user_id=user.pk, role=Role.COORDINATOR
    )
    return {"seated": Exists(seats), "moderates": Exists(roles)}


def _access(cohort: Cohort, row: Any, now: datetime) -> Access | None:
    if not (row.seated or row.moderates):
        return None
    return Access(
        cohort=cohort,
        seated=row.seated,
        moderates=row.moderates,
        may_write=rules.accepts_posts(cohort, now),
        edit_minutes=rules.edit_minutes(cohort),
    )


def _with_last_author(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    last = Post.objects.filter(thread=OuterRef("pk")).order_by("-created_at", "-id")
    return threads.annotate(last_author=Subquery(last.values("author__person__name")[:1]), replies=F("post_count") - 1)


def threads(cohort: Cohort, user: User, *, search: str = "", show: str = "") -> QuerySet[Thread]:
    """The threads of this cohort and no other: pinned ones first, then the newest word.

    `show`: "", notices, mine or unanswered.
    """
    found = Thread.objects.filter(cohort=cohort)
    posts = Post.objects.filter(thread=OuterRef("pk"), hidden_at__isnull=True)
    if search:
        found = found.filter(Q(title__icontains=search) | Exists(posts.filter(body__icontains=search)))
    if show == "notices":
        found = found.filter(is_notice=True)
    elif show == "mine":
        found = found.filter(Exists(posts.filter(author_id=user.pk)))
    elif show == "unanswered":
        found = found.filter(post_count=1, is_notice=False)
    return _with_last_author(found.order_by("-is_pinned", "-last_post_at", "-id"))


def latest(cohort: Cohort, limit: int) -> list[Thread]:
    rows = Thread.objects.filter(cohort=cohort, is_pinned=False).order_by("-last_post_at", "-id")
    return list(_with_last_author(rows)[:limit])


def notices(cohort: Cohort, limit: int = 3) -> list[tuple[Thread, SafeString]]:
    """Pinned notices with their first post, for the cohort's page. Hidden ones are left out. Two queries at most."""
    rows = Thread.objects.filter(cohort=cohort, is_notice=True, is_pinned=True)
    threads = list(rows.order_by("-pinned_at", "-id")[:limit])
    first: dict[int, SafeString] = {}
    posts = Post.objects.filter(thread__in=threads, hidden_at__isnull=True).order_by("created_at", "id")
    for thread_id, html in posts.values_list("thread_id", "html") if threads else ():
        first.setdefault(thread_id, markdown.safe(html))
    return [(thread, first[thread.pk]) for thread in threads if thread.pk in first]


def posts(thread: Thread, found: Access) -> QuerySet[Post]:
    """The posts of a thread in the order they were written, with what post_rows needs."""
    rows = Post.objects.filter(thread=thread).select_related("author__person").order_by("created_at", "id")
    if not found.moderates:
        return rows
    return rows.prefetch_related("revisions", "reports")


def page_number_of(post: Post, per_page: int = PER_PAGE) -> int:
    """On which page of its thread a post stands."""
    before = Post.objects.filter(thread_id=post.thread_id, created_at__lte=post.created_at, pk__lt=post.pk).count()
    return before // per_page + 1


def reports_of(post: Post) -> list[PostReport]:
    return list(post.reports.select_related("reporter__person", "handled_by__person").order_by("created_at", "pk"))


def post_rows(page: list[Post], found: Access, user: User, now: datetime) -> list[PostRow]:
    coordinators = coordinator_ids(found.cohort.association)
    return [_row(post, found, user, now, coordinators) for post in page]


def coordinator_ids(association: Association) -> set[int]:
    roles = StaffRole.objects.active().filter(association=association, role=Role.COORDINATOR)
    return set(roles.values_list("user_id", flat=True))


def coordinator_names(association: Association) -> list[Person]:
    """Who runs this association's cohorts, as people."""
    return list(Person.objects.filter(user_id__in=coordinator_ids(association)).order_by("name"))


def _row(post: Post, found: Access, user: User, now: datetime, coordinators: set[int]) -> PostRow:
    author: Person | None = getattr(post.author, "person", None)
    mine = post.author_id == user.pk
    hidden = post.hidden_at is not None
    shown = not hidden or found.moderates
    return PostRow(
        uuid=post.uuid,
        author=author,
        author_name=author.name if author else "",
        from_coordinator=post.author_id in coordinators,
        is_mine=mine,
        at=post.created_at,
        edited_at=post.edited_at,
        body=markdown.safe(post.html) if shown else SafeString(""),
        hidden=hidden,
        hidden_reason=post.hidden_reason if found.moderates or mine else "",
        can_edit=found.may_write and rules.may_edit(user, post, edit_minutes=found.edit_minutes, now=now),
        can_report=not mine and not hidden and not found.moderates,
        reported=sum(1 for report in post.reports.all() if report.state == ReportState.OPEN) if found.moderates else 0,
        revisions=tuple(post.revisions.all()) if found.moderates else (),
    )


def open_reports(association: Association) -> QuerySet[PostReport]:
    """Reports that wait for a coordinator of this association, oldest first."""
    reports = PostReport.objects.filter(state=ReportState.OPEN, post__thread__cohort__association=association)
    return reports.select_related("post__thread__cohort", "reporter__person").order_by("created_at")
