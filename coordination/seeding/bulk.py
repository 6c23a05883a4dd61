"""Many plausible people at once, as rows: what the headline people do through actions, multiplied for volume.

Each person has a membership, a small portfolio, a seat and one application in some state of the process; what has been
submitted has its frozen snapshot, its history and its packets' pending rows. Invariants hold (`check_invariants`).
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from applications import snapshot
from applications.actions.journey import reference_numbers
from applications.enums import Action, Outcome, ReferenceState, Slot, Status
from applications.models import Application, Decision, Reference, StatusChange, Submission
from applications.queries.facts import application_facts
from applications.queries.submission import snapshot_parts
from cohorts.models import Cohort, Enrolment
from competencies.models import Category, Edition, Education, Supervision, Training, Work
from coordination.seeding.names import AGENCIES, FIRST, LAST, TRAININGS, plausible_email
from coordination.seeding.world import World
from credentials import codes
from credentials.enums import EndorsementEventKind
from credentials.models import Endorsement, EndorsementEvent
from members.enums import MembershipState, Provenance
from members.models import Association, Membership, Person, User

BATCH = 2000
STATUSES = (
    (Status.DRAFT, 40),
    (Status.SUBMITTED, 15),
    (Status.CHANGES_REQUESTED, 6),
    (Status.UNDER_REVIEW, 15),
    (Status.REVIEWED, 6),
    (Status.DEFERRED, 4),
    (Status.WITHDRAWN, 4),
    (Status.NOT_ENDORSED, 0),
)
"""How often each status occurs in the quarter under way."""
PAST_STATUSES = ((Status.ENDORSED, 14), (Status.WITHDRAWN, 3), (Status.DEFERRED, 2), (Status.DRAFT, 1))
"""How often each status occurs in quarters that are over."""
STEPS: dict[str, tuple[tuple[Action, Status, Status], ...]] = {
    Status.SUBMITTED: ((Action.SUBMIT, Status.DRAFT, Status.SUBMITTED),),
    Status.WITHDRAWN: ((Action.WITHDRAW, Status.DRAFT, Status.WITHDRAWN),),
}
STEPS[Status.CHANGES_REQUESTED] = (
    *STEPS[Status.SUBMITTED],
    (Action.REQUEST_CHANGES, Status.SUBMITTED, Status.CHANGES_REQUESTED),
)
STEPS[Status.UNDER_REVIEW] = (
    *STEPS[Status.SUBMITTED],
    (Action.START_REVIEW, Status.SUBMITTED, Status.UNDER_REVIEW),
)
STEPS[Status.REVIEWED] = (
    *STEPS[Status.UNDER_REVIEW],
    (Action.FINISH_REVIEW, Status.UNDER_REVIEW, Status.REVIEWED),
)
STEPS[Status.DEFERRED] = (
    *STEPS[Status.REVIEWED],
    (Action.RELEASE_DEFERRED, Status.REVIEWED, Status.DEFERRED),
)
STEPS[Status.ENDORSED] = (
    *STEPS[Status.REVIEWED],
    (Action.RELEASE_ENDORSED, Status.REVIEWED, Status.ENDORSED),
)


@dataclass(slots=True)
class Crowd:
    """Makes people and remembers their rows until they are written, table by table."""

    world: World
    association: Association
    coordinator: User
    cohorts: list[Cohort]
    providers: list[Person]
    rows: dict[type, list[Any]] = field(default_factory=dict)
    made: int = 0
    numbers: set[str] = field(default_factory=set)
    """Reference numbers that are taken, written or not."""

    def keep(self, row: Any) -> Any:
        if hasattr(row, "uuid"):
            row.uuid = self.world.new_uuid()
        self.rows.setdefault(type(row), []).append(row)
        return row

    def fill(self, number: int) -> None:
        self.numbers = set(Application.objects.values_list("reference_number", flat=True))
        edition = Edition.objects.get(code="iecmh-2025")
        categories = list(Category.objects.open_to_applications().filter(is_add_on=False).select_related("license"))
        now_in = [status for status, weight in STATUSES for _ in range(weight)]
        ended_in = [status for status, weight in PAST_STATUSES for _ in range(weight)]
        for _ in range(number):
            self.made += 1
            cohort = self.cohorts[self.made % len(self.cohorts)]
            category = self.world.chance.choice(categories)
            status = self.world.chance.choice(now_in if cohort == self.cohorts[-1] else ended_in)
            self.person(cohort, category, status, edition)
        self.write()

    def person(self, cohort: Cohort, category: Category, status: Status, edition: Edition) -> None:
        chance = self.world.chance
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        person = self.keep(Person(name=name, email=plausible_email(name, self.made)))
        ages = ["0-36"] if category.license_id == "IMH-E" else ["37-71"]
        self.keep(
            Membership(
                person=person,
                association=self.association,
                starts_on=self.world.day(-400),
                ends_on=self.world.day(330),
                state=MembershipState.CONFIRMED,
                provenance=Provenance.CONFIRMED_HERE,
                decided_by=self.coordinator,
                decided_at=self.world.instant(-390),
            )
        )
        self.portfolio(person, ages)
        enrolment = self.keep(
            Enrolment(
                cohort=cohort,
                person=person,
                intended_category=category.code,
                seated_at=cohort.opens_at + datetime.timedelta(hours=self.made % 200),
            )
        )
        self.application(person, enrolment, category, status, edition)

    def portfolio(self, person: Person, ages: list[str]) -> None:
        chance = self.world.chance
        self.keep(
            Education(
                person=person,
                key="e1",
                level="master",
                field="Social work",
                institution="Sandhill University",
                awarded_on=self.world.day(-4000),
            )
        )
        self.keep(
            Work(
                person=person,
                key="w1",
                title="Home visitor",
                employer=chance.choice(AGENCIES),
                hours_per_week=40,
                starts_on=self.world.day(-chance.randint(400, 2500)),
                roles=["direct_service"],
                ages=ages,
                supervised=True,
                families_served=chance.randint(4, 40),
            )
        )
        for number in range(1, chance.randint(3, 8)):
            title, topic, competencies = chance.choice(TRAININGS)
            self.keep(
                Training(
                    person=person,
                    key=f"t{number}",
                    on=self.world.day(-chance.randint(20, 900)),
                    title=title,
                    organizer=chance.choice(AGENCIES),
                    minutes=chance.choice((90, 180, 360, 480)),
                    topics=[topic],
                    ages=ages,
                    competencies=list(competencies),
                )
            )
        provider = chance.choice(self.providers)
        for number in range(1, chance.randint(3, 9)):
            on = self.world.day(-chance.randint(20, 500))
            confirmed = number % 4 != 0
            self.keep(
                Supervision(
                    person=person,
                    key=f"s{number}",
                    on=on,
                    minutes=60,
                    format="group",
                    group_size=5,
                    mode="distance",
                    provider=provider,
                    ages=ages,
                    state="confirmed" if confirmed else "logged",
                    attested_on=min(on + datetime.timedelta(days=20), self.world.today) if confirmed else None,
                )
            )

    def application(
        self, person: Person, enrolment: Enrolment, category: Category, status: Status, edition: Edition
    ) -> None:
        steps = STEPS.get(status, ())
        since = enrolment.seated_at + datetime.timedelta(days=2)
        application = self.keep(
            Application(
                person=person,
                enrolment=enrolment,
                association=self.association,
                category=category,
                edition=edition,
                reference_number=self.reference_number(enrolment.cohort),
                status=status,
                version=1 + len(steps),
                status_since=since + datetime.timedelta(days=5 * len(steps)),
            )
        )
        for number, (action, source, target) in enumerate(steps, 1):
            self.keep(
                StatusChange(
                    application=application,
                    source=source,
                    target=target,
                    action=action,
                    by=self.coordinator,
                    at=since + datetime.timedelta(days=5 * number),
                )
            )
        if any(action == Action.SUBMIT for action, _, _ in steps):
            application.submitted_at = since + datetime.timedelta(days=5)
        if status == Status.ENDORSED:
            self.award(application)
        self.references(application, received=bool(application.submitted_at))

    def reference_number(self, cohort: Cohort) -> str:
        """Of the shape that the product gives, and free among the rows that are not written yet too."""
        number = next(row for row in reference_numbers(cohort, self.world.chance.randrange) if row not in self.numbers)
        self.numbers.add(number)
        return number

    def award(self, application: Application) -> None:
        at = application.status_since
        decision = self.keep(
            Decision(
                application=application,
                outcome=Outcome.ENDORSED,
                recorded_by=self.coordinator,
                recorded_at=at,
                released_by=self.coordinator,
                released_at=at,
            )
        )
        name, until = application.person.name, at.date().replace(year=at.year + 2, month=12, day=31)
        endorsement = self.keep(
            Endorsement(
                person=application.person,
                association=self.association,
                category=application.category,
                code="".join(self.world.chance.choices(codes.ALPHABET, k=codes.LENGTH)),
                decision_uuid=decision.uuid,
                granted_on=at.date(),
                valid_until=until,
                holder_name=name,
                search_name=name.lower(),
            )
        )
        self.keep(
            EndorsementEvent(
                endorsement=endorsement,
                kind=EndorsementEventKind.GRANTED,
                on=at.date(),
                valid_until=until,
                by=self.coordinator,
                at=at,
            )
        )

    def freeze(self, application: Application) -> Submission:
        """What the applicant sent, frozen as the product freezes it. The portfolio must be written already."""
        at = application.submitted_at or application.status_since
        parts = snapshot_parts(
            application,
            application_facts(application, at),
            number=1,
            now=at,
            declaration={"text": "", "typed_name": application.person.name},
        )
        text = snapshot.canonical(snapshot.build(parts))
        return Submission(
            uuid=self.world.new_uuid(),
            application=application,
            number=1,
            snapshot=text,
            snapshot_sha256=snapshot.digest(text),
            submitted_at=at,
            submitted_by=self.coordinator,
        )

    def references(self, application: Application, *, received: bool) -> None:
        raters = self.world.chance.sample(self.providers, 3)
        asked = application.enrolment.seated_at + datetime.timedelta(days=3)
        for rater, slot in zip(raters, (Slot.CURRENT_SUPERVISOR, Slot.RSC_PROVIDER, Slot.COLLEAGUE), strict=True):
            self.keep(
                Reference(
                    application=application,
                    rater=rater,
                    slot=slot,
                    known_since=self.world.day(-1500),
                    waived=True,
                    state=ReferenceState.RECEIVED if received else ReferenceState.ASKED,
                    due_on=(asked + datetime.timedelta(days=28)).date(),
                    asked_at=asked,
                    asked_count=1,
                    ended_at=asked + datetime.timedelta(days=9) if received else None,
                )
            )

    def write(self) -> None:
        """Write what is kept, tables of lower floors first, and count the seats."""
        order: tuple[type[Any], ...] = (
            Person,
            Membership,
            Education,
            Work,
            Training,
            Supervision,
            Enrolment,
            Application,
            StatusChange,
            Reference,
            Decision,
            Endorsement,
            EndorsementEvent,
        )
        sent = [row for row in self.rows.get(Application, []) if row.submitted_at]
        for model in order:
            model.objects.bulk_create(self.rows.pop(model, []), batch_size=BATCH)
        Submission.objects.bulk_create((self.freeze(row) for row in sent), batch_size=BATCH)
        for cohort in self.cohorts:
            Cohort.objects.filter(pk=cohort.pk).update(seats_taken=cohort.enrolments.count())
