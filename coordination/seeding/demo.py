"""The demo: an invented association, its people, its quarters, and one headline person in each state of the process."""

import copy
import datetime
import json

from applications.actions import rule_changes
from applications.actions.journey import withdraw
from applications.enums import Outcome, ReviewRecommendation
from applications.models import Application
from cohorts import calendar
from cohorts.actions import cohorts as cohort_actions
from cohorts.actions import discussion
from cohorts.models import Cohort
from competencies.actions import portfolio, providers
from competencies.enums import EntryKind, RequirementKind, StandingKind
from competencies.models import Category, Course
from competencies.queries.standards import edition_files, edition_for
from coordination.seeding import courses, portfolios
from coordination.seeding.stories import ALL_PROOFS, Raters, Stage, account, user_of
from coordination.seeding.world import World
from members.actions import staff
from members.enums import Evidence, Role
from members.models import Association, AssociationSettings, Person, StaffRole, User

ZONE = "America/Chicago"
QUARTER_DAYS = 91
DEADLINE_DAYS = 33
"""The deadline of the quarter that is under way lies so many days ahead."""


def association(code: str, name: str, abbreviation: str, region: str) -> Association:
    made = Association.objects.create(
        code=code,
        slug=code.lower(),
        name=name,
        abbreviation=abbreviation,
        region=region,
        country="US",
        offers_licenses=["IMH-E", "ECMH-E"],
        evidence=Evidence.CONFIRMED,
        note="Invented, for the demo.",
    )
    AssociationSettings.objects.create(
        association=made,
        time_zone=ZONE,
        contact_email=f"endorsement@{abbreviation.lower()}.example",
        allow_not_endorsed=True,
    )
    return made


def quarter(world: World, owner: Association, coordinator: User, place: int, *, capacity: int = 14) -> Cohort:
    """The quarter `place` quarters away from the one under way (0), published when it was announced."""
    deadline_in = DEADLINE_DAYS + place * QUARTER_DAYS
    deadline = world.day(deadline_in)
    year, season = calendar.quarter_of(deadline)

    def wall(days: int, hour: int, minute: int = 0) -> datetime.datetime:
        return datetime.datetime.combine(world.day(days), datetime.time(hour, minute))

    details = cohort_actions.CohortDetails(
        name=f"{season.label} {year}",
        year=year,
        season=season,
        time_zone=ZONE,
        capacity=capacity,
        opens=wall(deadline_in - 140, 9),
        closes=wall(deadline_in - 40, 23, 59),
        deadline=wall(deadline_in, 17),
        review_ends_on=world.day(deadline_in + 77),
        welcome="Welcome! Take your time, ask each other, and write to us whenever something is unclear.",
    )
    with world.at(min(deadline_in - 180, -1)):
        made = cohort_actions.create(association=owner, details=details, by=coordinator)
        return cohort_actions.publish(cohort=made, by=coordinator)


def raters(world: World, owner: Association, coordinator: User) -> Raters:
    def person(name: str) -> Person:
        return Person.objects.create(name=name, email=f"{name.lower().replace(' ', '.')}@mail.example")

    made = Raters(
        supervisor=person("Adaeze Stonebrook"),
        mentor=person("Tobias Fernhollow"),
        supervisee=person("Ilse Ambergate"),
        colleague=person("Dana Cloverfield"),
        trainer=person("Ines Larkmoor"),
    )
    with world.at(-30):
        for rater, code in ((made.mentor, "IMHM-C"), (made.supervisor, "IFS")):
            providers.record_standing(
                person=rater,
                code=code,
                kind=StandingKind.ENDORSED,
                starts_on=world.day(-2900),
                association=owner,
                by=coordinator,
                source="Registry of the association",
            )
    return made


def staff_of(world: World, owner: Association, name: str, role: Role) -> User:
    person = account(name)
    row = staff.assign(user=user_of(person), association=owner, role=role, by=None)
    StaffRole.objects.filter(pk=row.pk).update(starts_at=world.instant(-700))
    return user_of(person)


def stories(stage: Stage, current: Cohort) -> None:
    """One person in each state, in the order of the process."""
    stage.account("Wren Ashdown", "Applicant, brand new", "Has just confirmed an address; nothing is entered yet.")
    gathering(stage, current)
    course = Course.objects.filter(association=stage.association).order_by("id").first()
    person = Person.objects.get(name="Maren Oakhill")
    courses.attended(stage.world, course, person, stage.coordinator, days=-45)
    ready(
        stage, current, "Tomas Wrenfield", "IFA", "Applicant, ready to submit", "Everything is there; one button away."
    )
    sent = ready(
        stage, current, "Priya Longmeadow", "IMHS", "Applicant, submitted", "Waits for the coordinator's check."
    )
    stage.submit(sent, days=-12)
    asked = ready(stage, current, "Juno Ashdale", "ECFA", "Applicant, changes asked for", "One thing is asked for.")
    stage.submit(asked, days=-14)
    stage.ask_for_changes(asked, "Please add the certificate of the training on law and ethics.", days=-9)
    read = ready(stage, current, "Samir Birchwell", "IFS", "Applicant, under review", "A reviewer is reading.")
    stage.submit(read, days=-15)
    stage.assign(read, days=-10)
    stage.write(read, user_of(read.person), "Is there anything else you need from me while the review is on?", days=-2)
    judged = ready(stage, current, "Esperanza Hazelgate", "ECFS", "Applicant, reviewed", "Waits for the decision.")
    stage.submit(judged, days=-18)
    stage.assign(judged, days=-14)
    stage.review(judged, ReviewRecommendation.ENDORSE, days=-6)
    deferred = ready(stage, current, "Oskar Stillwater", "IFA", "Applicant, deferred", "Has two tasks and a new date.")
    stage.submit(deferred, days=-20)
    stage.assign(deferred, days=-17)
    stage.review(deferred, ReviewRecommendation.DEFER, days=-10)
    stage.decide(
        deferred,
        Outcome.DEFERRED,
        days=-7,
        tasks=("Add one training on working with systems.", "Tell us more about your work with families in pregnancy."),
    )
    endorsed = award(
        stage, current, "Greta Larkspur", "IFS", "Endorsed professional", "Certificate and registry entry."
    )
    stage.write(endorsed, user_of(endorsed.person), "Thank you all. What a lovely spring this has been.", days=-3)
    exam = ready(stage, current, "Leocadia Quillfeather", "IMHM-C", "Applicant, approved for the exam", "A Mentor.")
    stage.submit(exam, days=-21)
    stage.assign(exam, days=-19)
    stage.review(exam, ReviewRecommendation.APPROVE_FOR_EXAM, days=-12)
    stage.decide(exam, Outcome.APPROVED_FOR_EXAM, days=-9)
    add_on(stage, current)
    refused = ready(stage, current, "Corwin Thistledown", "ECFA", "Applicant, not endorsed", "May apply again.")
    stage.submit(refused, days=-24)
    stage.assign(refused, days=-23)
    stage.review(refused, ReviewRecommendation.NOT_ENDORSE, days=-16)
    stage.decide(refused, Outcome.NOT_ENDORSED, days=-12)
    gone = ready(stage, current, "Zelda Valebrook", "ECFA", "Applicant, withdrawn", "Chose to stop for now.")
    with stage.world.at(-8):
        withdraw(application=gone, by=user_of(gone.person), reason="A new job with other families.")


def gathering(stage: Stage, current: Cohort) -> None:
    """Half-way: some trainings, some sessions unsigned, one of three ratings in."""
    category = Category.objects.get(code="IFS")
    person = stage.account("Maren Oakhill", "Applicant, gathering", "Half-way: hours to go, one of three ratings in.")
    stage.member(person)
    stage.seat(person, current, category, days=-40)
    application = stage.start(person, category, days=-39)
    given = list(
        portfolios.entries(
            today=stage.world.today, license_code="IMH-E", category_code="IFS", provider=stage.raters.mentor
        )
    )
    kept = {EntryKind.WORK: 1, EntryKind.TRAINING: 3, EntryKind.SUPERVISION: 10}
    with stage.world.at(-35):
        for kind, values in given:
            kept[kind] = kept.get(kind, 1) - 1
            if kept[kind] >= 0:
                entry = portfolio.save(kind=kind, person=person, by=user_of(person), values=values)
                stage.prove(entry, ALL_PROOFS)
    stage.sign_sessions(person, leave=2)
    asked = stage.invite(application, days=-25)
    stage.rate(asked[0], days=-18)
    stage.write(application, stage.coordinator, "Lovely to see you start. Ask me anything, any time.", days=-20)


def ready(stage: Stage, current: Cohort, name: str, code: str, title: str, description: str) -> Application:
    """Everything done but the submission."""
    category = Category.objects.select_related("license").get(code=code)
    person = stage.account(name, title, description)
    stage.member(person)
    stage.fill_portfolio(person, category)
    stage.sign_sessions(person)
    stage.seat(person, current, category, days=-30)
    application = stage.start(person, category, days=-29)
    for reference in stage.invite(application, days=-28):
        stage.rate(reference, days=-24)
    stage.sign_texts(application, days=-23)
    return application


def award(stage: Stage, current: Cohort, name: str, code: str, title: str, description: str) -> Application:
    application = ready(stage, current, name, code, title, description)
    stage.submit(application, days=-22)
    stage.assign(application, days=-20)
    stage.review(application, ReviewRecommendation.ENDORSE, days=-13)
    stage.decide(application, Outcome.ENDORSED, days=-11)
    return application


def add_on(stage: Stage, current: Cohort) -> None:
    """A Family Specialist who then asks for the reflective supervisor's add-on, as emerging."""
    base = award(stage, current, "Nadim Foxglove", "IFS", "Emerging reflective supervisor", "Endorsed, with an add-on.")
    category = Category.objects.get(code="ERS-IMH")
    application = stage.start(base.person, category, days=-10, asks_emerging=True)
    for reference in stage.invite(application, days=-10):
        stage.rate(reference, days=-9)
    stage.sign_texts(application, days=-9)
    stage.submit(application, days=-8)
    stage.assign(application, days=-7)
    stage.review(application, ReviewRecommendation.EMERGING, days=-5)
    stage.decide(application, Outcome.EMERGING, days=-4)


def talk(stage: Stage, current: Cohort) -> None:
    """A notice and a few threads, so that the cohort's page is not silent."""
    seats = [seat.person for seat in current.enrolments.select_related("person__user").order_by("id")[:4]]
    with stage.world.at(-27):
        discussion.start_thread(
            cohort=current,
            by=stage.coordinator,
            title="How this quarter works",
            is_notice=True,
            body="Dates are on the cohort's page. **Never write about a family** in a way that others could recognize.",
        )
    with stage.world.at(-19):
        thread = discussion.start_thread(
            cohort=current,
            by=user_of(seats[0]),
            title="How do you keep track of short trainings?",
            body="I have a dozen webinars of one hour. Do you log each one, or one line for the series?",
        )
    with stage.world.at(-18):
        discussion.reply(
            thread=thread, by=user_of(seats[1]), body="Each one, with its certificate. It took me ten minutes."
        )
    with stage.world.at(-17):
        discussion.reply(thread=thread, by=stage.coordinator, body="Each one, please: every training has its own date.")


def proposed_rules(stage: Stage, editor: User) -> None:
    """An edition under discussion: Family Specialists would need 30 hours of RSC. The worker counts people."""
    begins = stage.world.day(180)
    content = copy.deepcopy(edition_files(edition_for(stage.world.today)).content())
    content["categories"]["ruleset"].update(
        id=f"iecmh-draft-{begins.year}",
        title=f"Draft for {begins.year}: more reflective supervision",
        effective_from=begins.isoformat(),
    )
    for category in content["categories"]["categories"]:
        for rule in category["requirements"]:
            if category["role"] == "FS" and rule["kind"] == RequirementKind.RSC_HOURS:
                rule["params"]["min_received"] = {"value": 30, "unit": "clock_hours"}
    with stage.world.at(-6):
        rule_changes.propose_edition(association=stage.association, raw=json.dumps(content).encode(), by=editor)
