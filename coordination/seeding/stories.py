"""The headline people of the demo, each made by the real actions at the moments of their story."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.utils import timezone

from applications.actions import changes, decisions, journey, messages, ratings, references, reviews, signatures
from applications.actions.submission import submit
from applications.enums import Outcome, Recommendation, ReviewRecommendation, Slot, TextKind
from applications.models import Application, RatingItem, Reference
from applications.queries.references import rule_of
from applications.queries.reviews import keys_to_mark
from applications.queries.texts import text_in_force
from applications.rating_rules import ReferenceRule
from cohorts.actions.enrolment import reserve
from cohorts.models import Cohort
from competencies.actions import evidence, portfolio, supervision
from competencies.enums import EntryKind, SessionState, SignOffAnswer
from competencies.models import Category, SignOffRequest, Supervision
from competencies.models.portfolio import AnyEntry
from coordination.seeding import portfolios
from coordination.seeding.world import World
from endorsement_portal.links.queries import live_link
from members.actions import memberships
from members.models import Association, Person, User

DEMO_DOMAIN = "demo.example"
PROOFS = {
    EntryKind.EDUCATION: ("transcript", "Transcript of records"),
    EntryKind.LICENSE: ("license", "License to practice"),
}
"""What rules ask for."""
ALL_PROOFS = {**PROOFS, EntryKind.TRAINING: ("certificate", "Certificate of attendance")}


@dataclass(frozen=True, slots=True)
class Raters:
    """People who answer when they are asked. Supervisor and mentor are endorsed; the mentor gives RSC."""

    supervisor: Person
    mentor: Person
    supervisee: Person
    colleague: Person
    trainer: Person

    def by_role(self) -> dict[Slot, Person]:
        """Who rates in which role, the roles that name one person first."""
        return {
            Slot.CURRENT_SUPERVISOR: self.supervisor,
            Slot.RSC_PROVIDER: self.mentor,
            Slot.SUPERVISEE: self.supervisee,
            Slot.COLLEAGUE: self.colleague,
            Slot.TRAINER: self.trainer,
            Slot.CONSULTANT: self.trainer,
        }

    def choose(self, rule: ReferenceRule) -> list[tuple[Slot, Person]]:
        """One rater for each slot of a rule, none twice."""
        chosen: list[tuple[Slot, Person]] = []
        for slot in rule.slots:
            taken = {person.pk for _, person in chosen}
            open_roles = [
                (role, person)
                for role, person in self.by_role().items()
                if role in slot.roles and person.pk not in taken and (not slot.endorsed_only or person == self.mentor)
            ]
            chosen.append(open_roles[0])
        return chosen


@dataclass(slots=True)
class Stage:
    """Where the stories play: one association, its people and its cohorts."""

    world: World
    association: Association
    coordinator: User
    reviewer: User
    raters: Raters
    people: list[tuple[User, str, str]] = field(default_factory=list)
    """Account, title and description, for the sign-in page of the demo."""

    # --- people -------------------------------------------------------------------------------------

    def account(self, name: str, title: str, description: str) -> Person:
        """A headline person, offered on the sign-in page."""
        person = account(name)
        self.people.append((user_of(person), title, description))
        return person

    def member(self, person: Person) -> None:
        with self.world.at(-420):
            row = memberships.add(
                person=person,
                by=user_of(person),
                association=self.association,
                starts_on=self.world.day(-420),
                ends_on=self.world.day(420),
                number=f"PR-{self.world.moments:04d}",
            )
        with self.world.at(-418):
            memberships.confirm(membership=row, by=self.coordinator)

    # --- the steps of a story -----------------------------------------------------------------------

    def fill_portfolio(self, person: Person, category: Category) -> None:
        with self.world.at(-35):
            for kind, values in portfolios.entries(
                today=self.world.today,
                license_code=category.license_id,
                category_code=category.code,
                provider=self.raters.mentor,
            ):
                entry = portfolio.save(kind=kind, person=person, by=user_of(person), values=values)
                self.prove(entry)

    def prove(self, entry: AnyEntry, papers: Mapping[EntryKind, tuple[str, str]] = PROOFS) -> None:
        """The paper for an entry of this kind, where there is one."""
        if entry.kind in papers:
            document_type, title = papers[entry.kind]
            paper = portfolios.paper(title, entry.person.name)
            evidence.attach(entry=entry, upload=paper, by=user_of(entry.person), document_type=document_type)

    def sign_sessions(self, person: Person, *, leave: int = 0) -> None:
        """The provider is asked and signs; the newest `leave` sessions stay unsigned."""
        with self.world.at(-33):
            supervision.ask_provider(person=person, provider=self.raters.mentor, by=user_of(person))
        with self.world.at(-31) as now:
            request = SignOffRequest.objects.get(provider=self.raters.mentor)
            link = live_link(purpose=supervision.PURPOSE, object_uuid=request.uuid, now=now)
            assert link is not None
            sessions = list(Supervision.objects.filter(person=person, state=SessionState.SENT).order_by("on"))
            answers = tuple(
                supervision.SessionAnswer(session=row.uuid, version=row.version, answer=SignOffAnswer.CONFIRM)
                for row in sessions[: len(sessions) - leave]
            )
            supervision.sign(request=request, link=link, answers=answers, typed_name=self.raters.mentor.name)

    def seat(self, person: Person, cohort: Cohort, category: Category, *, days: int) -> None:
        with self.world.at(days):
            reserve(cohort=cohort, person=person, by=user_of(person), intended_category=category.code)

    def start(self, person: Person, category: Category, *, days: int, asks_emerging: bool = False) -> Application:
        enrolment = person.enrolments.get()
        with self.world.at(days):
            return journey.start(
                enrolment=enrolment, category=category, by=user_of(person), asks_emerging=asks_emerging
            )

    def sign_texts(self, application: Application, *, days: int) -> None:
        for kind in TextKind:
            with self.world.at(days) as now:
                text = text_in_force(application, kind, now)
                assert text is not None
                signatures.sign(
                    application=application,
                    text=text,
                    by=user_of(application.person),
                    typed_name=application.person.name,
                    not_sanctioned=True if kind == TextKind.ETHICS else None,
                )

    def invite(self, application: Application, *, days: int) -> list[Reference]:
        """One rater for each slot of the category's rule."""
        rule = rule_of(application)
        assert rule is not None
        asked = []
        for role, rater in self.raters.choose(rule):
            with self.world.at(days):
                asked.append(
                    references.invite(
                        application=application,
                        by=user_of(application.person),
                        rater_name=rater.name,
                        email=rater.email,
                        slot=role,
                        known_since=self.world.day(-1500),
                        waived=True,
                    )
                )
        return asked

    def rate(self, reference: Reference, *, days: int) -> None:
        """The rater opens the link and answers every item."""
        with self.world.at(days) as now:
            link = live_link(purpose=references.PURPOSE, object_uuid=reference.uuid, now=now)
            assert link is not None
            ratings.open(reference=reference, link=link)
            items = RatingItem.objects.filter(
                edition=reference.application.edition, category=reference.application.category
            ).values_list("competency_code", flat=True)
            answers = ratings.Answers(
                items={code: self.world.chance.choice((3, 3, 4)) for code in items},
                recommendation=Recommendation.YES,
                comment="Steady, kind and clear with families. I would gladly work with them again.",
                typed_name=reference.rater.name,
            )
            ratings.submit(reference=reference, link=link, answers=answers, seen=None, explanation_asked=False)

    def submit(self, application: Application, *, days: int) -> None:
        with self.world.at(days):
            submit(application=application, by=user_of(application.person), declaration=application.person.name)
        application.refresh_from_db()

    def ask_for_changes(self, application: Application, text: str, *, days: int) -> None:
        with self.world.at(days):
            changes.request(
                application=application,
                by=self.coordinator,
                wishes=[changes.Wish(text=text, requirement_key="training", due_on=self.world.day(14))],
            )

    def write(self, application: Application, by: User, body: str, *, days: int) -> None:
        with self.world.at(days):
            messages.write(application=application, by=by, body=body)

    def assign(self, application: Application, *, days: int) -> None:
        with self.world.at(days):
            reviews.assign(
                application=application, reviewer=self.reviewer, by=self.coordinator, due_on=self.world.day(14)
            )

    def review(self, application: Application, recommendation: ReviewRecommendation, *, days: int) -> None:
        application.refresh_from_db()
        assignment = application.assignments.get()
        with self.world.at(days):
            for key in keys_to_mark(assignment):
                reviews.mark(assignment=assignment, by=self.reviewer, requirement_key=key, met=True, note="")
            reviews.submit(
                assignment=assignment,
                by=self.reviewer,
                recommendation=recommendation,
                summary="Clear evidence for every requirement.",
            )

    def decide(
        self,
        application: Application,
        outcome: Outcome,
        *,
        days: int,
        tasks: tuple[str, ...] = (),
        release: bool = True,
    ) -> None:
        application.refresh_from_db()
        with self.world.at(days):
            decision = decisions.record(
                application=application,
                outcome=outcome,
                by=self.coordinator,
                message="With our warm regards.",
                tasks=[changes.Wish(text=text, due_on=self.world.day(60)) for text in tasks],
            )
            if release:
                decisions.release(decision=decision, by=self.coordinator)


def user_of(person: Person) -> User:
    assert person.user is not None
    return person.user


def account(name: str) -> Person:
    """A person with a verified address on the demo's own domain and no password: one click signs them in."""
    email = f"{name.lower().replace(' ', '.')}@{DEMO_DOMAIN}"
    user = User.objects.create_user(email, date_joined=timezone.now())
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return Person.objects.create(name=name, email=email, user=user)
