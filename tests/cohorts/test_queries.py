"""What other floors ask of cohorts."""

from datetime import timedelta

from cohorts import queries
from cohorts.queries import discussion
from cohorts.views.refusals import address_of
from tests.factories.cohorts import CohortFactory, EnrolmentFactory, PostFactory


def test_the_next_four_for_an_announcement(association, other_association, now, django_assert_num_queries):
    cohorts = [
        CohortFactory(association=association, name=f"Cohort {number}", opens_at=now + timedelta(days=number - 3))
        for number in range(6)
    ]
    CohortFactory(association=association, name="Over", closes_at=now - timedelta(seconds=1))
    CohortFactory(association=association, name="Draft", published_at=None)
    with django_assert_num_queries(1):
        cards = queries.upcoming(now)
    assert [card.name for card in cards] == [cohort.name for cohort in cohorts[:4]]
    assert [card.can_reserve for card in cards] == [True, True, True, True]
    assert queries.upcoming(now, other_association) == ()
    assert len(queries.upcoming(now, association, limit=6)) == 6


def test_a_full_cohort_cannot_be_reserved(association, now):
    CohortFactory(association=association, capacity=3, seats_taken=3)
    (card,) = queries.upcoming(now)
    assert (card.is_open, card.seats_left, card.can_reserve) == (True, 0, False)


def test_the_desk_counts_who_sits_and_who_paused(association, other_association):
    cohort = CohortFactory(association=association)
    CohortFactory(association=other_association)
    for state in ("seated", "seated", "paused", "left"):
        EnrolmentFactory(cohort=cohort, state=state)
    (row,) = queries.of_association(association)
    assert (str(row), row.seated, row.paused) == (cohort.name, 2, 1)


def test_open_reports_are_those_of_this_association(association, other_association, applicant):
    ours = PostFactory(thread__cohort__association=association)
    theirs = PostFactory(thread__cohort__association=other_association)
    for post in (ours, theirs):
        post.reports.create(reporter=applicant.user, reason="x")
    assert [report.post for report in discussion.open_reports(association)] == [ours]
    ours.reports.update(state="kept")
    assert list(discussion.open_reports(association)) == []


def test_nobody_signed_out_reads_anything(association, now):
    from django.contrib.auth.models import AnonymousUser

    post = PostFactory(thread__cohort__association=association)
    nobody = AnonymousUser()
    assert discussion.access(nobody, post.thread.cohort.uuid, now) is None
    assert discussion.thread_access(nobody, post.thread.uuid, now) == (None, None)
    assert discussion.post_access(nobody, post.uuid, now) == (None, None)
    assert queries.enrolment_in(post.thread.cohort, nobody) is None
    assert queries.current_enrolment(nobody) is None
    assert queries.zone_of(nobody) == ""


def test_an_author_without_a_person_is_a_former_member(association, coordinator, now):
    post = PostFactory(thread__cohort__association=association, author__person=None)
    _thread, access = discussion.thread_access(coordinator, post.thread.uuid, now)
    (row,) = discussion.post_rows(list(discussion.posts(post.thread, access)), access, coordinator, now)
    assert (row.author, row.author_name) == (None, "")


def test_an_association_without_settings_gives_half_an_hour(association):
    from cohorts import rules

    cohort = CohortFactory(association=association)
    assert rules.edit_minutes(cohort) == 30
    association.settings.delete()
    association.refresh_from_db()
    assert rules.edit_minutes(CohortFactory(association=association)) == 30


def test_a_refusal_leads_only_where_there_is_a_page(association):
    cohort = CohortFactory(association=association)
    assert address_of(f"cohort_page {cohort.uuid}") == f"/cohorts/{cohort.uuid}/"
    assert address_of("cohorts:list") == "/cohorts/"
    assert (address_of(""), address_of("nowhere:at_all"), address_of("cohort_page x")) == ("", "", "")
