"""The demo's training library: a shelf of invented courses, one of them corrected, one retired."""

from competencies.actions import library
from competencies.courses import CourseContent
from competencies.models import Course
from competencies.queries.library import version_on
from coordination.seeding.world import World
from members.models import Association, Person, User

SERIES, SHORT, TALK = "training_series", "training_short", "conference"
INFANT, EARLY = ("0-36",), ("37-71",)

SHELF: tuple[tuple[str, CourseContent], ...] = (
    (
        "Watching and wondering: a day on infant observation",
        CourseContent(
            minutes=360, form=SHORT, topics=("core",), ages=INFANT,
            competencies=("TF.development", "TF.relationship_focused", "DSS.observation", "TF.attachment_trauma"),
        ),
    ),
    (
        "Early relationships: a series of eight evenings",
        CourseContent(
            minutes=960, form=SERIES, topics=("core",), topic_minutes=(("dei", 120),),
            competencies=("TF.pregnancy", "TF.relationship_focused", "TF.family_dynamics", "TF.cultural_humility"),
        ),
    ),
    (
        "Whose voice is missing? Working across difference",
        CourseContent(minutes=240, form=SHORT, topics=("dei",), competencies=("TF.cultural_humility", "LRP.ethics")),
    ),
    (
        "First steps as a reflective supervisor",
        CourseContent(minutes=300, form=SERIES, topics=("rsc",), competencies=("DSS.reflective_supervision",)),
    ),
    (
        "Sleep, crying and feeding: listening before advice",
        CourseContent(minutes=90, form=TALK, topics=("core",), ages=INFANT, competencies=("TF.development",)),
    ),
    (
        "Play as language: children from three to six",
        CourseContent(minutes=180, form=SHORT, topics=("core",), ages=EARLY, competencies=("TF.development",)),
    ),
    (
        "Observation basics",
        CourseContent(minutes=120, form=SHORT, topics=("core",), ages=INFANT, competencies=("TF.development",)),
    ),
)  # fmt: skip


def shelf(world: World, owner: Association, coordinator: User, number: int | None = None) -> tuple[Course, ...]:
    """The first `number` courses. The first one has a second version since spring; the last of all is retired."""
    courses = []
    with world.at(-600):
        for title, content in SHELF[:number]:
            organizer = owner.name if content.form != TALK else "Meadowlark Counseling"
            courses.append(
                library.publish(
                    association=owner, title=title, organizer=organizer, content=content,
                    valid_from=world.day(-900), by=coordinator,
                )
            )  # fmt: skip
    title, content = SHELF[0]
    with world.at(-120):
        longer = CourseContent(
            minutes=420, form=content.form, topics=content.topics, topic_minutes=(("dei", 60),), ages=content.ages,
            competencies=(*content.competencies, "TF.cultural_humility"),
        )  # fmt: skip
        library.revise(
            course=courses[0], title=title, organizer=courses[0].organizer, content=longer,
            valid_from=world.day(-110), seen_number=1, by=coordinator,
        )  # fmt: skip
    if number is None:
        with world.at(-100):
            library.retire(course=courses[-1], by=coordinator)
    return tuple(courses)


def attended(world: World, course: Course | None, person: Person, coordinator: User, *, days: int) -> None:
    """As if the list of attendance had named the person: a ready, confirmed entry. Nothing without a course."""
    if course is None:
        return
    on = world.day(days)
    with world.at(days + 3):
        version = version_on(course, on)
        assert version is not None
        library.record_attendance(course_version=version, person=person, on=on, by=coordinator, source="roster")
