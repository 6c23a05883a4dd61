"""The finder's words: questions, choices, and the sentences that explain a result."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from competencies.finder import QUESTIONS, Ages, Degree, License, Role, Supervision, Work, Years

Text = str | Promise


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    label: Text
    hint: Text = ""
    told: Text = ""
    """As a reason, when this answer speaks for a category."""
    change: Text = ""
    """After "If ...", when another answer would change the result."""


@dataclass(frozen=True, slots=True)
class QuestionWords:
    title: Text
    help: Text
    why: Text
    choices: dict[str, ChoiceWords]


WORDS: dict[str, QuestionWords] = {
    "ages": QuestionWords(
        title=_("Which children is your work for?"),
        help=_("The children you see yourself, or on whose behalf you lead, teach or plan."),
        why=_(
            "There are two licenses: IMH-E for pregnancy and birth up to 3 years, ECMH-E for children from 3 up to 6. "
            "You may apply for both, with one portfolio."
        ),
        choices={
            Ages.INFANT: ChoiceWords(
                _("Pregnancy, babies and toddlers"),
                _("Before birth and up to 3 years."),
            ),
            Ages.EARLY_CHILDHOOD: ChoiceWords(_("Young children"), _("From 3 up to 6 years.")),
            Ages.BOTH: ChoiceWords(_("Both"), _("You will see a result for each license.")),
        },
    ),
    "work": QuestionWords(
        title=_("What fills most of your working week?"),
        help=_("Choose the one that comes closest. There is no better or worse answer, and you can come back."),
        why=_(
            "The categories follow the scope of work: promotion, prevention and early intervention, clinical "
            "treatment, and macro, which is leadership. They are not a ladder: one does not keep you from another."
        ),
        choices={
            Work.EVERYDAY: ChoiceWords(
                _("Everyday care, learning, health or support"),
                _("For example early care and education, health or perinatal support, case work, advocacy."),
                _("You support families in everyday care, learning, health or daily life: that is promotion."),
                _("your week were mostly everyday care, learning, health or support"),
            ),
            Work.PREVENTION: ChoiceWords(
                _("Prevention or early intervention with the family"),
                _("For example home visiting, early intervention, child welfare, consultation, nursing."),
                _("Your week is mostly prevention or early intervention with families."),
                _("your week were mostly prevention or early intervention with families"),
            ),
            Work.THERAPY: ChoiceWords(
                _("Therapy with child and caregiver together"),
                _("You treat the young child and the caregiver in the same room, in supervised practice."),
                _("Your week is mostly therapy with child and caregiver together."),
                _("your week were mostly therapy with child and caregiver together"),
            ),
            Work.PRACTICE_LEADERSHIP: ChoiceWords(
                _("Leading practice and supervising others"),
                _("You supervise, consult or train those who work with families, and work on the children's behalf."),
                _("You lead practice: others who work with families lean on you."),
                _("you mostly led practice and supervised others"),
            ),
            Work.POLICY: ChoiceWords(
                _("Policy or program administration"),
                _("You shape funding, systems or programs on behalf of young children."),
                _("You carry the work into policy or program administration."),
                _("your week were mostly policy or program administration"),
            ),
            Work.TEACHING_RESEARCH: ChoiceWords(
                _("University teaching or research"),
                _("You teach at a university or publish research in the field."),
                _("You teach at a university or publish research in the field."),
                _("your week were mostly university teaching or research"),
            ),
        },
    ),
    "years": QuestionWords(
        title=_("How long have you done this work?"),
        help=_("Count all your jobs of this kind together. Breaks in between do not matter."),
        why=_(
            "Specialists bring two years of paid work of their kind, mentors three years of leading. Family Associates "
            "bring two years, paid or as a supervised volunteer, or a degree or certificate instead."
        ),
        choices={
            Years.UNDER_TWO: ChoiceWords(
                _("Less than two years"), "", "", _("you had done this work for less than two years")
            ),
            Years.TWO: ChoiceWords(
                _("Two years, not yet three"),
                "",
                _("You have done this work for two years."),
                _("you had done this work for two years"),
            ),
            Years.THREE_OR_MORE: ChoiceWords(
                _("Three years or more"),
                "",
                _("You have done this work for three years or more."),
                _("you had done this work for three years or more"),
            ),
        },
    ),
    "degree": QuestionWords(
        title=_("What is the highest study you have finished?"),
        help=_("In any subject. What counts is what you hold today."),
        why=_(
            "A Family Associate may bring study instead of work. A Mental Health Specialist brings a master's "
            "degree or a mental health license, mentors a graduate degree. A Family Specialist needs no degree."
        ),
        choices={
            Degree.NONE: ChoiceWords(
                _("None of these yet"),
                _("For example a high school diploma."),
                "",
                _("you had no degree or certificate yet"),
            ),
            Degree.UNDERGRADUATE: ChoiceWords(
                _("A certificate or first degree"),
                _("Child Development Associate (CDA), associate or bachelor's degree."),
                _("You hold a degree or a Child Development Associate certificate."),
                _("you held a Child Development Associate, associate or bachelor's degree"),
            ),
            Degree.GRADUATE: ChoiceWords(
                _("A graduate degree"),
                _("Master's, doctorate or medical degree."),
                _("You hold a graduate degree."),
                _("you held a graduate degree"),
            ),
        },
    ),
    "license": QuestionWords(
        title=_("Do you hold a professional license in mental health?"),
        help=_("A license of your state as a therapist, counselor, psychologist or clinical social worker."),
        why=_("A Mental Health Specialist is licensed or eligible for a license. No other category asks for one."),
        choices={
            License.YES: ChoiceWords(
                _("Yes, or I am eligible for one"),
                "",
                _("You hold a professional license in mental health, or are eligible for one."),
                _("you held a professional license in mental health, or were eligible for one"),
            ),
            License.NO: ChoiceWords(
                _("No"),
                _("A license in another field, such as nursing, belongs here."),
                "",
                _("you held no professional license in mental health"),
            ),
        },
    ),
    "supervision": QuestionWords(
        title=_("Do you take part in reflective supervision or consultation?"),
        help=_("Regular time with a provider, alone or in a group, to think about your work and what it stirs in you."),
        why=_(
            "Specialists bring hours of reflective supervision from a qualified provider; the result says how many. "
            "Meetings of peers without a named provider do not count, however good they are."
        ),
        choices={
            Supervision.NONE: ChoiceWords(_("Not yet"), "", "", _("you took no part in reflective supervision")),
            Supervision.RECEIVED: ChoiceWords(
                _("I receive it"),
                "",
                _("You receive reflective supervision or consultation."),
                _("you received reflective supervision or consultation"),
            ),
            Supervision.GIVEN: ChoiceWords(
                _("I give it to others"),
                "",
                _("You give reflective supervision or consultation to others."),
                _("you gave reflective supervision or consultation to others, without receiving it"),
            ),
            Supervision.BOTH: ChoiceWords(
                _("I receive it and I give it"),
                "",
                _("You receive reflective supervision or consultation, and give it to others."),
                _("you received reflective supervision or consultation and gave it to others"),
            ),
        },
    ),
}

OPEN: dict[str, Text] = {
    "two_years": _("two years of this work"),
    "three_years": _("three years of this work"),
    "graduate": _("a graduate degree"),
    "graduate_or_license": _("a master's degree or a professional license in mental health"),
    "study_or_work": _("two years of work with young children and families, or a degree or certificate"),
    "receives": _("reflective supervision or consultation that you receive"),
    "gives": _("reflective supervision or consultation that you give to others"),
    "leads_practice": _("work that is mostly leading practice and supervising others"),
    "leads_policy": _("work that is mostly policy or program administration"),
    "leads_teaching": _("work that is mostly university teaching or research"),
    "therapy": _("work that is mostly therapy with child and caregiver together"),
    "with_families": _("work that is mostly prevention or early intervention with families"),
}
"""What a condition still asks for, as the end of a sentence. By Condition.key."""

SECOND: dict[Role, Text] = {
    Role.MENTOR_CLINICAL: _("It recognizes leaders who supervise, consult and teach others reflectively."),
    Role.MENTOR_POLICY: _("It recognizes leaders in policy, funding, systems and program administration."),
    Role.MENTOR_RESEARCH: _("It recognizes leaders in university teaching and research."),
    Role.MENTAL_HEALTH_SPECIALIST: _("It recognizes therapists who treat the young child and the caregiver together."),
    Role.FAMILY_SPECIALIST: _("It recognizes work with families in which the relationship is part of the plan."),
    Role.FAMILY_ASSOCIATE: _("It asks for no reflective supervision hours. It would describe your work less fully."),
}
"""One sentence about a runner-up."""

NUMBERS = {question: number for number, question in enumerate(QUESTIONS, start=1)}
