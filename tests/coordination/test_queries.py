"""The desk's reads: every function is asked once about its own association, and once about another's rows."""

import datetime
import uuid

import pytest
from django.utils import timezone

from applications.enums import Reminder, Status
from applications.models import Application, Decision, Message, Reference, ReviewAssignment
from cohorts.models import Cohort
from competencies.models import Edition, Supervision
from coordination import mail_words
from coordination.queries import (
    applications,
    audit,
    cohorts,
    decisions,
    dossier,
    memberships,
    outbox,
    people,
    references,
    registry,
    reviews,
    standards,
    supervision,
    today,
)
from coordination.queries.applications import ApplicationFilter
from credentials.enums import EndorsementStatus
from endorsement_portal.audit.models import AuditEvent
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.web.dates import day_in
from members.models import Membership
from tests.factories.cohorts import CohortFactory, EnrolmentFactory
from tests.factories.members import MembershipFactory, PersonFactory
from tests.house.tree import ROOT


def names(rows):
    return [row.person.name for row in rows]


# --- applications -----------------------------------------------------------------------------------------------------


def test_the_queue_filters_and_orders(house):
    everything = applications.queue(house.home, ApplicationFilter(), house.coordinator)
    assert everything.count() == 5
    oldest = applications.queue(house.home, ApplicationFilter(order="oldest"), house.coordinator)
    assert [row.pk for row in oldest] == [row.pk for row in everything][::-1]
    assert names(applications.queue(house.home, ApplicationFilter(status="reviewed"), house.coordinator)) == [
        "Esperanza Hazelgate"
    ]
    assert names(applications.queue(house.home, ApplicationFilter(category="IFA"), house.coordinator)) == [
        "Tomas Wrenfield"
    ]
    assert names(applications.queue(house.home, ApplicationFilter(search="birch"), house.coordinator)) == [
        "Samir Birchwell"
    ]
    number = house.draft.reference_number
    assert names(applications.queue(house.home, ApplicationFilter(search=number.lower()), house.coordinator)) == [
        "Tomas Wrenfield"
    ]
    assert applications.queue(house.home, ApplicationFilter(cohort=house.cohort.uuid), house.coordinator).count() == 5
    assert applications.queue(house.home, ApplicationFilter(cohort=uuid.uuid4()), house.coordinator).count() == 0
    assert (
        applications.queue(house.home, ApplicationFilter(status="no-such", order="no-such"), house.coordinator).count()
        == 5
    )
    assert applications.queue(house.away, ApplicationFilter(), house.coordinator).count() == 0


def test_one_application_of_ones_own(house):
    assert applications.one(house.home, house.application.uuid, house.coordinator) == house.application
    assert applications.one(house.away, house.application.uuid, house.coordinator) is None


def test_choices_of_the_filters(house):
    assert ("IFS", "IFS - Infant Family Specialist") in applications.category_choices()
    assert applications.cohort_choices(house.home) == [(house.cohort.uuid, house.cohort.name)]
    assert applications.cohort_choices(house.away) == [(house.away_cohort.uuid, house.away_cohort.name)]


# --- the dossier ------------------------------------------------------------------------------------------------------


def test_marks_are_read_once_they_are_sent(house):
    from applications.queries.dossier import application_dossier

    waiting = application_dossier(Application.objects.get(pk=house.application.pk), timezone.now())
    assert [(row.reviewer.get_full_name(), marks) for row, marks in dossier.reviews_of(waiting)] == [
        ("Petra Lindenau", [])
    ]
    judged = application_dossier(house.decision.application, timezone.now())
    [(row, marks)] = dossier.reviews_of(judged)
    assert row.state == "submitted"
    assert ("Specialized in-service training", True) in [(label, mark.met) for label, mark in marks]


def test_the_newest_submission_is_laid_out(house):
    from applications.queries.dossier import application_dossier

    sent = application_dossier(Application.objects.get(pk=house.application.pk), timezone.now())
    draft = application_dossier(Application.objects.get(pk=house.draft.pk), timezone.now())
    assert dossier.submitted_contents(sent).number == 1
    assert dossier.submitted_contents(draft) is None


def test_files_and_packets_of_one_application_alone(house):
    file = house.evidence.file
    assert dossier.evidence_file(house.application, file.uuid) == file
    assert dossier.evidence_file(house.draft, file.uuid) is None
    assert dossier.evidence_file(house.application, uuid.uuid4()) is None
    assert dossier.ready_packet(house.application, house.packet.uuid) is None


def test_references_that_were_answered(house):
    assert [row.rater.name for row in dossier.rated_references(house.application)] == [
        "Adaeze Stonebrook", "Tobias Fernhollow", "Dana Cloverfield",
    ]  # fmt: skip
    asked = Application.objects.get(pk=house.asked.application.pk)
    assert len(dossier.rated_references(asked)) == 1


# --- cohorts ----------------------------------------------------------------------------------------------------------


def test_every_status_stands_in_exactly_one_stage():
    listed = [status for _, statuses in cohorts.STAGES for status in statuses]
    assert sorted(listed) == sorted(Status.values)


def test_stages_of_a_cohort(house):
    [row] = cohorts.with_stages([house.cohort])
    assert row.stages == {"preparing": 2, "submitted": 0, "review": 2, "decided": 1, "withdrawn": 0}
    assert row.total == 5


def test_cohorts_at_work(house):
    now = timezone.now()
    CohortFactory(association=house.home)
    assert list(cohorts.at_work(house.home, now)) == [house.cohort]
    before = house.cohort.opens_at - datetime.timedelta(seconds=1)
    assert house.cohort not in cohorts.at_work(house.home, before)
    assert cohorts.cohorts_of(house.home).count() == 2


def test_dates_of_a_cohort_stand_in_their_order(house):
    rows = cohorts.dates_of(Cohort.objects.get(pk=house.cohort.pk))
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert [(row.what, row.whole_day) for row in rows if row.whole_day] == [("Review ends", True)]


def test_seats_and_one_cohort(house):
    assert names(cohorts.seats(house.cohort, search="maren")) == ["Maren Oakhill"]
    assert cohorts.one(house.home, house.cohort.uuid) == house.cohort
    assert cohorts.one(house.away, house.cohort.uuid) is None


def test_reports_that_nobody_has_looked_at(house):
    from cohorts.actions import moderation

    report = moderation.report(post=house.post, by=house.peer.user, reason="A family.")
    assert list(cohorts.open_reports(house.home)) == [report]
    assert list(cohorts.open_reports(house.away)) == []
    moderation.keep(post=house.post, by=house.coordinator, reason="Nobody can be recognized.")
    assert list(cohorts.open_reports(house.home)) == []


# --- memberships ------------------------------------------------------------------------------------------------------


def test_the_membership_desk(house):
    assert [row.pk for row in memberships.at_desk(house.home, state="pending")] == [house.membership.pk]
    assert memberships.at_desk(house.home, state="no-such").count() == Membership.objects.count()
    assert set(names(memberships.at_desk(house.home, search="SAMIR.B"))) == {"Samir Birchwell"}
    assert set(names(memberships.at_desk(house.home, search="birchwell"))) == {"Samir Birchwell"}
    assert memberships.one(house.home, house.membership.uuid) == house.membership
    assert memberships.one(house.away, house.membership.uuid) is None


def test_a_proof_of_another_association_lies_at_the_desk_that_checks_it(house):
    row = MembershipFactory(person=PersonFactory(), association=house.away, desk=house.home, pending=True)
    assert row in memberships.at_desk(house.home)
    assert row not in memberships.at_desk(house.away)


def test_memberships_that_end_before_the_review(house):
    today_there = day_in(timezone.now(), "America/Chicago")
    assert list(memberships.ending_before_review(house.home, today_there)) == []
    Membership.objects.filter(person=house.peer).update(ends_on=today_there)
    assert names(memberships.ending_before_review(house.home, today_there)) == ["Tomas Wrenfield"]
    tomorrow = today_there + datetime.timedelta(days=1)
    assert list(memberships.ending_before_review(house.home, tomorrow)) == []


# --- mail -------------------------------------------------------------------------------------------------------------


def test_mail_by_view(house):
    OutgoingMessage.objects.update(state="sent", sent_at=timezone.now())
    OutgoingMessage.objects.filter(pk=house.message.pk).update(state="dead")
    assert [row.pk for row in outbox.messages(house.home, house.coordinator, view="attention")] == [house.message.pk]
    assert outbox.messages(house.home, house.coordinator, view="sent").count() > 5
    assert list(outbox.messages(house.home, house.coordinator, view="no-such")) == []
    assert list(outbox.messages(house.home, house.coordinator, view="skipped")) == []
    name = house.message.to_name
    assert {
        row.to_name for row in outbox.messages(house.home, house.coordinator, view="attention", search=name[:4])
    } == {name}
    assert outbox.one(house.home, house.message.uuid, house.coordinator).pk == house.message.pk
    assert outbox.one(house.away, house.message.uuid, house.other_coordinator) is None


def test_the_next_mails_with_the_words_of_their_kind(house):
    soon = timezone.now() + datetime.timedelta(days=1)
    OutgoingMessage.objects.update(state="sent", sent_at=timezone.now())
    OutgoingMessage.objects.filter(pk=house.message.pk).update(state="new", due_at=soon, sent_at=None)
    assert outbox.going_out(house.home, house.coordinator, until=soon - datetime.timedelta(hours=1), limit=5) == []
    [(row, words)] = outbox.with_words(outbox.going_out(house.home, house.coordinator, until=soon, limit=5))
    assert row.pk == house.message.pk
    assert words in {str(word) for word in mail_words.BY_TEMPLATE.values()}


def test_every_mail_has_a_word_for_the_desk():
    mails = {path.stem for path in (ROOT / "templates" / "emails").glob("[a-z]*.html")} - {"base"}
    assert set(mail_words.BY_TEMPLATE) == mails
    assert mail_words.words_of(Reminder.RATING, "reminders") == Reminder.RATING.label
    assert mail_words.words_of("new_kind", "new_kind") == "New kind"


# --- people -----------------------------------------------------------------------------------------------------------


def test_people_known_here(house):
    found = people.people_of(house.home)
    assert house.owner in found
    assert house.stranger not in found
    assert list(people.people_of(house.away)) == [house.stranger]
    assert list(people.people_of(house.home, search="OAKHILL")) == [house.asked.application.person]
    assert list(people.people_of(house.home, search=house.application.reference_number)) == [house.owner]
    assert list(people.people_of(house.away, search=house.application.reference_number)) == []


def test_a_persons_page_holds_what_happened_here(house):
    page = people.person_page(house.home, house.endorsement.person.uuid)
    assert (len(page.applications), len(page.enrolments), len(page.memberships), len(page.endorsements)) == (1, 1, 1, 1)
    assert [row.code for row in page.standings] == ["IFS"]
    assert people.person_page(house.away, house.owner.uuid) is None


def test_what_happened_elsewhere_stays_there(house):
    EnrolmentFactory(cohort=house.away_cohort, person=house.owner)
    page = people.person_page(house.away, house.owner.uuid)
    assert (page.applications, page.memberships, [row.cohort for row in page.enrolments]) == (
        [], [], [house.away_cohort],
    )  # fmt: skip


# --- references, registry, reviews, decisions -------------------------------------------------------------------------


def test_the_references_desk(house):
    asked = references.references_of(house.home, house.coordinator, state="asked")
    assert house.asked in asked
    assert house.reference not in asked
    assert references.references_of(house.home, house.coordinator, state="no-such").count() == Reference.objects.count()
    assert {
        row.application.person.name for row in references.references_of(house.home, house.coordinator, search="samir")
    } == {"Samir Birchwell"}
    assert {row.rater.name for row in references.references_of(house.home, house.coordinator, search="dana")} == {
        "Dana Cloverfield"
    }
    assert references.one(house.away, house.asked.uuid, house.coordinator) is None


def test_the_registry_of_ones_own(house):
    assert list(registry.endorsements_of(house.home, search="GRÉTA", category="IFS")) == [house.endorsement]
    assert list(registry.endorsements_of(house.home, category="IMHS")) == []
    assert list(registry.endorsements_of(house.away)) == []
    today_there = day_in(timezone.now(), "America/Chicago")
    assert registry.with_status([house.endorsement], today_there) == [(house.endorsement, EndorsementStatus.ACTIVE)]
    before = house.endorsement.granted_on - datetime.timedelta(days=1)
    assert registry.with_status([house.endorsement], before) == [(house.endorsement, EndorsementStatus.NOT_YET)]


def test_every_status_says_what_can_be_done():
    assert set(registry.POSSIBLE) == set(EndorsementStatus)


def test_the_review_desk(house):
    assert reviews.assignments_of(house.home, house.coordinator).count() == 3
    assert [
        row.application.person.name for row in reviews.assignments_of(house.home, house.coordinator, state="assigned")
    ] == ["Samir Birchwell"]
    assert reviews.assignments_of(house.home, house.coordinator, search="petra").count() == 3
    assert reviews.assignments_of(house.home, house.coordinator, search="hazel", state="no-such").count() == 1
    assert reviews.assignments_of(house.away, house.coordinator).count() == 0


def test_reviewers_with_what_they_owe_here(house):
    assert [(user.get_full_name(), user.load) for user in reviews.reviewers_with_load(house.home)] == [
        ("Ruben Larkspur", 0), ("Petra Lindenau", 1),
    ]  # fmt: skip
    assert reviews.reviewers_with_load(house.away) == []


def test_decisions_and_what_is_to_be_decided(house):
    assert list(decisions.waiting(house.home, house.coordinator)) == [house.decision]
    assert list(decisions.to_decide(house.home, house.coordinator)) == []
    assert decisions.one(house.home, house.decision.uuid, house.coordinator) == house.decision
    assert decisions.one(house.away, house.decision.uuid, house.coordinator) is None
    Decision.objects.filter(pk=house.decision.pk).update(discarded_at=timezone.now())
    assert list(decisions.waiting(house.home, house.coordinator)) == []
    assert list(decisions.to_decide(house.home, house.coordinator)) == [house.decision.application]


# --- the history, the standards, supervision --------------------------------------------------------------------------


def test_the_history_of_ones_own_chain(house):
    rows = list(audit.events(house.home, house.coordinator, search="cohort.published"))
    assert [name for _, _, name, _ in audit.with_names(rows)] == ["Linnea Rivermoss"]
    other = AuditEvent.objects.filter(chain=house.away.code).first()
    assert other not in audit.events(house.home, house.coordinator)
    assert list(audit.events(house.home, house.coordinator, search=str(house.application.uuid))) != []
    links = [row for row in audit.events(house.home, house.coordinator) if row.actor_kind == "link"]
    assert {name for _, _, name, _ in audit.with_names(links)} == {"by private link"}


def test_the_standards_with_what_is_unsure(house):
    edition = standards.editions().get()
    assert edition == Edition.objects.get()
    assert edition.rules > edition.to_confirm > 0
    rules = standards.rules_of(edition, "ifs")
    assert {rule.category.code for rule in rules} == {"IFS"}
    assert standards.rules_of(edition, "no-such") == []
    assert standards.fees_of(house.home) == []
    assert {category.license.code for category in standards.categories()} == {"IMH-E", "ECMH-E"}


def test_providers_of_ones_own_people(house):
    found = supervision.providers_of(house.home)
    mentor = found.get(name="Tobias Fernhollow")
    waiting = Supervision.objects.filter(provider=mentor, state__in=["logged", "sent"])
    assert mentor.unsigned_sessions == waiting.count() == 2
    assert mentor.unsigned_minutes == sum(waiting.values_list("minutes", flat=True))
    assert mentor.last_session_on == Supervision.objects.filter(provider=mentor).latest("on").on
    assert list(supervision.providers_of(house.home, search="TOBIAS.F")) == [mentor]
    assert list(supervision.providers_of(house.home, search="nobody")) == []
    assert list(supervision.providers_of(house.away)) == []
    assert supervision.one(house.away, mentor.uuid) is None


# --- today ------------------------------------------------------------------------------------------------------------


def test_today_gathers_every_kind_of_work(house):
    from cohorts.actions import moderation

    now = timezone.now()
    moderation.report(post=house.post, by=house.peer.user, reason="A family.")
    Message.objects.create(
        application=house.draft, author=house.peer.user, from_staff=False, body="Am I ready?", at=now
    )  # fmt: skip
    OutgoingMessage.objects.filter(pk=house.message.pk).update(state="uncertain")
    Reference.objects.filter(pk=house.asked.pk).update(state="bounced")
    ReviewAssignment.objects.filter(application=house.application).update(
        due_on=now.date() - datetime.timedelta(days=2)
    )
    Application.objects.filter(pk=house.application.pk).update(status=Status.SUBMITTED)
    Application.objects.filter(person=house.endorsement.person).update(status=Status.REVIEWED)
    rows = today.work(house.home, house.coordinator, now)
    words = " | ".join(row.what for row in rows)
    for what in (
        "needs a look", "came back", "was reported", "Confirm the membership of Samir Birchwell",
        "Check the submission of Samir Birchwell", "Tomas Wrenfield asks", "The review of Samir Birchwell is late",
        "Decide about Greta Larkspur", "Release the decision about Esperanza Hazelgate",
    ):  # fmt: skip
        assert what in words, what
    assert [row.late for row in rows] == sorted((row.late for row in rows), reverse=True)
    assert all(row.href and row.act for row in rows)
    assert today.work(house.away, house.other_coordinator, now) == []


def test_each_kind_shows_its_most_urgent_rows_only(house):
    for _ in range(8):
        MembershipFactory(association=house.home, pending=True)
    rows = list(today.memberships_to_confirm(house.home, house.coordinator, timezone.now()))
    assert len(rows) == today.ROWS_PER_KIND


@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_what_waits_long_is_late(house, days, late):
    now = timezone.now()
    Membership.objects.filter(pk=house.membership.pk).update(created_at=now - datetime.timedelta(days=days))
    [row] = today.memberships_to_confirm(house.home, house.coordinator, now)
    assert row.late is late
