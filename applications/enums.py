"""The words of the journey."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    DRAFT = "draft", _("In preparation")
    SUBMITTED = "submitted", _("Submitted")
    CHANGES_REQUESTED = "changes_requested", _("Changes asked for")
    UNDER_REVIEW = "under_review", _("Under review")
    REVIEWED = "reviewed", _("Reviewed")
    APPROVED_FOR_EXAM = "approved_for_exam", _("Approved to sit the exam")
    DEFERRED = "deferred", _("Deferred")
    ENDORSED = "endorsed", _("Endorsed")
    EMERGING = "emerging", _("Endorsed as emerging")
    NOT_ENDORSED = "not_endorsed", _("Not endorsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


FINAL_STATUSES = (Status.ENDORSED, Status.EMERGING, Status.NOT_ENDORSED, Status.WITHDRAWN)
"""Nothing leaves these. Who is emerging asks for the full add-on with a new application."""


class Action(TextChoices):
    """What moves an application from one status to another."""

    SUBMIT = "submit", _("Submit")
    WITHDRAW = "withdraw", _("Withdraw")
    REQUEST_CHANGES = "request_changes", _("Ask for changes")
    START_REVIEW = "start_review", _("Start the review")
    FINISH_REVIEW = "finish_review", _("Finish the review")
    REOPEN_REVIEW = "reopen_review", _("Review again")
    RELEASE_ENDORSED = "release_endorsed", _("Release: endorsed")
    RELEASE_EMERGING = "release_emerging", _("Release: emerging")
    RELEASE_APPROVED_FOR_EXAM = "release_approved_for_exam", _("Release: approved for the exam")
    RELEASE_DEFERRED = "release_deferred", _("Release: deferred")
    RELEASE_NOT_ENDORSED = "release_not_endorsed", _("Release: not endorsed")


class Actor(TextChoices):
    """Who acts, as the transition table sees them."""

    APPLICANT = "applicant", _("Applicant")
    COORDINATOR = "coordinator", _("Coordinator")
    REVIEWER = "reviewer", _("Assigned reviewer")
    SYSTEM = "system", _("The portal")
    STRANGER = "stranger", _("Anyone else")


class Permission(TextChoices):
    """The names under which rules.py registers its predicates."""

    EDIT_APPLICATION = "applications.edit", _("Work on an application")
    COORDINATE_APPLICATION = "applications.coordinate", _("Coordinate an application")
    REVIEW_APPLICATION = "applications.review", _("Review an application")


class Section(TextChoices):
    """The parts of the hub, in their order."""

    ASKED = "asked", _("What was asked of you")
    ABOUT = "about", _("About you")
    BRING = "bring", _("What you bring")
    OTHERS = "others", _("What others say")
    SEND = "send", _("Send it")


class TaskState(TextChoices):
    """The states of a row of the hub (A8). Each is a word first; the colour only confirms."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting")
    NEEDS_CHANGES = "needs_changes", _("Needs changes")
    COMPLETE = "complete", _("Complete")
    OPTIONAL = "optional", _("If you like")


class Slot(TextChoices):
    """In what role somebody rates (decision 16)."""

    CURRENT_SUPERVISOR = "current_supervisor", _("Current supervisor")
    RSC_PROVIDER = "rsc_provider", _("Provider of RSC")
    SUPERVISEE = "supervisee", _("Someone who receives RSC from you")
    COLLEAGUE = "colleague", _("Colleague")
    PARENT = "parent", _("Parent or person served")
    TEACHER = "teacher", _("Teacher")
    TRAINER = "trainer", _("Trainer")
    CONSULTANT = "consultant", _("Consultant")
    BOARD_MEMBER = "board_member", _("Board member")


class ReferenceState(TextChoices):
    NAMED = "named", _("Named")
    ASKED = "asked", _("Asked")
    OPENED = "opened", _("Opened")
    STARTED = "started", _("Started")
    RECEIVED = "received", _("Received")
    DECLINED = "declined", _("Declined, please choose another")
    BOUNCED = "bounced", _("Our mail came back")
    CANCELED = "canceled", _("Canceled")


class DeclineReason(TextChoices):
    DO_NOT_KNOW_WORK = "do_not_know_work", _("I do not know the work well enough")
    CONFLICT = "conflict", _("I have a conflict of interest")
    NO_TIME = "no_time", _("I have no time")
    OTHER = "other", _("Another reason")


class Recommendation(TextChoices):
    YES = "yes", _("I recommend this person for Endorsement")
    WITH_RESERVATIONS = "with_reservations", _("I recommend this person, with reservations")
    NO = "no", _("I do not recommend this person now")


class ReviewRecommendation(TextChoices):
    ENDORSE = "endorse", _("Endorse")
    APPROVE_FOR_EXAM = "approve_for_exam", _("Approve for the exam")
    EMERGING = "emerging", _("Grant as emerging")
    DEFER = "defer", _("Defer, with tasks")
    NOT_ENDORSE = "not_endorse", _("Do not endorse")


class AssignmentState(TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    DECLINED = "declined", _("Declined")
    SUBMITTED = "submitted", _("Review sent")
    REMOVED = "removed", _("Removed")


class PacketKind(TextChoices):
    APPLICANT = "applicant", _("Submission packet")
    REVIEWERS = "reviewers", _("Reviewers' packet, with ratings")


class PacketState(TextChoices):
    PENDING = "pending", _("Waiting to be made")
    BUILDING = "building", _("Being made")
    READY = "ready", _("Ready")
    DEAD = "dead", _("Could not be made")


class TextKind(TextChoices):
    ETHICS = "ethics", _("Code of ethics")
    AGREEMENT = "agreement", _("Endorsement agreement")


class Outcome(TextChoices):
    ENDORSED = "endorsed", _("Endorsed")
    EMERGING = "emerging", _("Endorsed as emerging")
    APPROVED_FOR_EXAM = "approved_for_exam", _("Approved to sit the exam")
    DEFERRED = "deferred", _("Deferred")
    NOT_ENDORSED = "not_endorsed", _("Not endorsed")


class Reminder(TextChoices):
    """The kinds of reminders; the value stands in the message's kind, so that a person may choose."""

    COHORT_CLOSING = "cohort_closing", _("The submission deadline comes near")
    MILESTONE = "milestone", _("A milestone of the cohort comes near")
    MEMBERSHIP_LAPSE = "membership_lapse", _("A membership ends before the review does")
    RATING = "rating", _("A rating is still asked for")
    REVIEW_DUE = "review_due", _("A review is due")


class RuleChangeKind(TextChoices):
    """What is proposed."""

    EDITION = "edition", _("Edition")
    SETTINGS = "settings", _("Settings")


class ChangeTask(TextChoices):
    """What is done behind the page for a change of the rules."""

    COUNT = "count", _("Counting whom it concerns")
    TELL = "tell", _("Telling people")
