"""The words of the standard and of the portfolio."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LicenseCode(TextChoices):
    IMH = "IMH-E", _("Infant Mental Health Endorsement")
    ECMH = "ECMH-E", _("Early Childhood Mental Health Endorsement")


class Ages(TextChoices):
    """Age bands of children, in whole months, both ends included."""

    INFANT = "0-36", _("Pregnancy and birth to 36 months")
    EARLY_CHILDHOOD = "37-71", _("37 to 71 months")


class CategoryStatus(TextChoices):
    ACTIVE = "active", _("Active")
    SUPERSEDED = "superseded", _("Replaced")


class EditionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class RequirementKind(TextChoices):
    EDUCATION = "education", _("Education")
    WORK = "work", _("Work experience")
    TRAINING_HOURS = "training_hours", _("Training hours")
    RSC_HOURS = "rsc_hours", _("Reflective supervision/consultation")
    REFERENCE_RATINGS = "reference_ratings", _("Reference ratings")
    MEMBERSHIP = "membership", _("Membership")
    ETHICS = "ethics", _("Code of ethics")
    AGREEMENT = "agreement", _("Endorsement agreement")
    EXAM = "exam", _("Written exam")
    DOCUMENT = "document", _("Document")
    ENDORSEMENT = "endorsement", _("Base endorsement")


class Stage(TextChoices):
    """When a requirement must be met (decision 3)."""

    SUBMISSION = "submission", _("Before you submit")
    DECISION = "decision", _("Before the decision")
    AWARD = "award", _("Before the award")


class ExportContents(TextChoices):
    """What a person takes along."""

    EVERYTHING = "everything", _("Everything")
    FILES = "files", _("Files only")


class EntryKind(TextChoices):
    """The kinds of portfolio entries; the value stands in addresses and drafts."""

    EDUCATION = "education", _("Education")
    LICENSE = "license", _("Professional license")
    WORK = "work", _("Work")
    TRAINING = "training", _("Training")
    SUPERVISION = "supervision", _("RSC session")


class EducationLevel(TextChoices):
    NONE = "none", _("No degree")
    CDA = "cda", _("Child Development Associate (CDA)")
    ASSOCIATE = "associate", _("Associate degree")
    BACHELOR = "bachelor", _("Bachelor's degree")
    MASTER = "master", _("Master's degree")
    DOCTORATE = "doctorate", _("Doctorate")
    OTHER_GRADUATE = "other_graduate", _("Other graduate degree")


class ProfessionalLicenseKind(TextChoices):
    MENTAL_HEALTH = "mental_health", _("Mental health")
    OTHER = "other", _("Other")


class WorkRole(TextChoices):
    DIRECT_SERVICE = "direct_service", _("Direct service to young children and their families")
    DYADIC_THERAPY = "dyadic_therapy", _("Therapy with child and caregiver together")
    RSC_PROVISION = "rsc_provision", _("Giving reflective supervision/consultation")
    PRACTICE_LEADERSHIP = "practice_leadership", _("Leadership in practice, local, regional or state")
    POLICY_LEADERSHIP = "policy_leadership", _("Leadership in policy or program administration")
    TEACHING_RESEARCH_LEADERSHIP = "teaching_research_leadership", _("Leadership in teaching or research")
    SUPERVISED_INTERNSHIP = "supervised_internship", _("Supervised internship in dyadic therapy")
    QUALIFYING_VOLUNTEER = "qualifying_volunteer", _("Supervised volunteering after special training")


class TrainingTopic(TextChoices):
    CORE = "core", _("Relationship-based infant and early childhood mental health")
    RSC = "rsc", _("Giving reflective supervision/consultation")
    DEI = "dei", _("Diversity, equity and inclusion")


class CourseForm(TextChoices):
    """Kinds of training, heaviest first: the order that the standards' notes on weighting give (advice, not a rule)."""

    SERIES = "training_series", _("Series: several meetings over weeks or months")
    SHORT = "training_short", _("Short training: a workshop, a course of a day or two")
    CONFERENCE = "conference", _("Conference or single talk")


class SessionFormat(TextChoices):
    INDIVIDUAL = "individual", _("Individual")
    GROUP = "group", _("Group")


class SessionMode(TextChoices):
    IN_PERSON = "in_person", _("In person")
    DISTANCE = "distance", _("Online or by phone")


class SessionState(TextChoices):
    """Where a session stands on its way to a signature (A16)."""

    LOGGED = "logged", _("Logged")
    SENT = "sent", _("Sent to the provider")
    CONFIRMED = "confirmed", _("Confirmed")
    CORRECTED = "corrected", _("Confirmed with changed minutes")
    DECLINED = "declined", _("Declined by the provider")


class StandingKind(TextChoices):
    ENDORSED = "endorsed", _("Endorsed")
    ADD_ON = "add_on", _("Endorsed Reflective Supervisor")
    EMERGING = "emerging", _("Emerging")
    VETTED = "vetted", _("Vetted by an association")


class Reason(TextChoices):
    """Why an entry does not count. One per entry; the order of tests is decision 1."""

    PROVIDER_DECLINED = "provider_declined", _("The provider declined this session")
    NO_NAMED_PROVIDER = "no_named_provider", _("No provider is named; peer supervision does not count")
    PROVIDER_NOT_QUALIFIED = "provider_not_qualified_on_date", _("The provider was not qualified on this date")
    OUTSIDE_AGE_RANGE = "outside_age_range", _("The ages do not fit this license")
    FORMAT_NOT_ACCEPTED = "format_not_accepted", _("This format is not accepted")
    GROUP_TOO_LARGE = "group_too_large", _("The group was larger than the limit")
    OUTSIDE_WINDOW = "outside_window", _("Outside the time window of this rule")
    AWAITING_CONFIRMATION = "awaiting_confirmation", _("Waiting for the provider's signature")
    DUPLICATE = "duplicate", _("Logged twice: same date, title and minutes")
    EXPIRED = "expired", _("Older than this rule accepts")
    NOT_ACCEPTED_YET = "not_accepted_yet", _("Waiting for a coordinator to accept your imported entries")
    NOT_SELECTED = "not_selected", _("Left out of this application by you")
    ROLE_NOT_COUNTED = "role_not_counted", _("This kind of work is not counted for this rule")
    NOT_PAID = "not_paid", _("The rule asks for paid work")
    NOT_SUPERVISED = "not_supervised", _("The rule asks for supervised work")
    BEFORE_DEGREE = "before_degree", _("Before the degree that this rule builds on")
    HOURS_TOO_FEW = "hours_too_few", _("Fewer hours a week than the rule accepts")
    LEVEL_NOT_ACCEPTED = "level_not_accepted", _("This level is not accepted for this rule")
    NOT_CURRENT = "not_current", _("Not current on the date of the report")


class SignOffAnswer(TextChoices):
    CONFIRM = "confirm", _("Confirm")
    CORRECT = "correct", _("Change the minutes")
    DECLINE = "decline", _("Decline")


class ImportState(TextChoices):
    """Where an imported log stands, from the upload to its undoing."""

    READ = "read", _("Waiting for you")
    PENDING = "pending", _("Waiting to be imported")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Not imported")
    DROPPED = "dropped", _("Put aside")


class NumberUnit(TextChoices):
    """What a number without a unit means in a column of lengths."""

    HOURS = "hours", _("Hours: 1.5 is 1 h 30 min")
    MINUTES = "minutes", _("Minutes: 90 is 1 h 30 min")


class DayOrder(TextChoices):
    """Which part of 03/04/2025 is the month."""

    MONTH_FIRST = "month_first", _("Month first: 03/04/2025 is March 4")
    DAY_FIRST = "day_first", _("Day first: 03/04/2025 is April 3")
