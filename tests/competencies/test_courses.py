"""Courses: what may not be published, and how two versions differ in words."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.courses import CourseContent, Difference, Fault, differences, faults
from competencies.enums import Ages, CourseForm, TrainingTopic

KNOWN = ("TF.development", "TF.attachment_trauma")
NAMES = {"TF.development": "Development", "TF.attachment_trauma": "Attachment"}
PLAIN = CourseContent(minutes=180, topics=("core",), ages=("0-36",), competencies=("TF.development",))
CONTENTS = st.builds(
    CourseContent,
    minutes=st.integers(1, 5000),
    form=st.sampled_from(CourseForm.values),
    topics=st.lists(st.sampled_from(TrainingTopic.values), unique=True).map(tuple),
    topic_minutes=st.dictionaries(st.sampled_from(TrainingTopic.values), st.integers(1, 5000)).map(
        lambda parts: tuple(sorted(parts.items()))
    ),
    ages=st.lists(st.sampled_from(Ages.values), unique=True).map(tuple),
    competencies=st.lists(st.sampled_from(KNOWN), unique=True).map(tuple),
)


def test_plain_content_has_no_fault():
    assert faults(PLAIN, KNOWN) == ()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (dataclasses.replace(PLAIN, minutes=0), Fault("minutes", "The length must be at least one minute.")),
        (
            dataclasses.replace(PLAIN, topic_minutes=(("dei", 181),)),
            Fault("part_dei", "A part cannot be longer than the whole."),
        ),
        (
            dataclasses.replace(PLAIN, topic_minutes=(("core", 60),)),
            Fault("part_core", "You said above that all of it was about this. Choose one of the two."),
        ),
        (
            dataclasses.replace(PLAIN, competencies=("ZZ.b", "TF.development", "ZZ.a")),
            Fault("competencies", "These competencies are not in the standard: ZZ.a, ZZ.b."),
        ),
    ],
)
def test_each_fault_names_its_field(content, fault):
    assert faults(content, KNOWN) == (fault,)


def test_a_part_as_long_as_the_whole_is_fine():
    assert faults(dataclasses.replace(PLAIN, topic_minutes=(("dei", 180),)), KNOWN) == ()


def test_differences_in_words():
    new = CourseContent(
        minutes=240,
        form="training_series",
        topics=(),
        topic_minutes=(("dei", 60),),
        ages=(),
        competencies=("TF.attachment_trauma", "TF.unnamed"),
    )
    assert differences(PLAIN, new, NAMES) == (
        Difference(
            "Kind",
            before="Short training: a workshop, a course of a day or two",
            after="Series: several meetings over weeks or months",
        ),
        Difference("Length", before="3 h", after="4 h"),
        Difference(
            "About",
            added=("Diversity, equity and inclusion (1 h)",),
            removed=("Relationship-based infant and early childhood mental health",),
        ),
        Difference("Ages", added=("All ages",), removed=("Pregnancy and birth to 36 months",)),
        Difference("Competencies", added=("Attachment", "TF.unnamed"), removed=("Development",)),
    )


@given(CONTENTS)
def test_equal_contents_have_no_difference(content):
    assert differences(content, dataclasses.replace(content), NAMES) == ()


@given(CONTENTS, CONTENTS)
def test_the_way_back_swaps_what_came_and_what_went(one, other):
    there, back = differences(one, other, NAMES), differences(other, one, NAMES)
    assert [(d.label, d.before, d.after, d.added, d.removed) for d in there] == [
        (d.label, d.after, d.before, d.removed, d.added) for d in back
    ]
