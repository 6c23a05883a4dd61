"""Pure: what each mail is, as the desk names it. A test demands a word for every mail there is."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.enums import Reminder

BY_TEMPLATE: Mapping[str, Promise] = {
    "attendance_recorded": _("An attended training is in the portfolio"),
    "attendance_waiting": _("An attended training waits for its person"),
    "brief": _("The desk's brief of the day"),
    "changes_requested": _("Changes are asked for"),
    "cohort_dates_changed": _("Dates of the cohort changed"),
    "cohort_seat_ended": _("The seat is free again"),
    "decision_approved_for_exam": _("Decision: approved for the exam"),
    "decision_deferred": _("Decision: deferred"),
    "decision_emerging": _("Decision: endorsed as emerging"),
    "decision_endorsed": _("Decision: endorsed"),
    "decision_not_endorsed": _("Decision: not endorsed"),
    "draft_started": _("An application was started"),
    "endorsed_certificate": _("The certificate is ready"),
    "exam_result": _("A result of the exam is there"),
    "hours_confirmed": _("A provider answered the sessions"),
    "hours_recounted": _("Counted hours have changed"),
    "import_accepted": _("Sessions brought along count now"),
    "log_imported": _("News of an imported log"),
    "membership_confirmed": _("The membership is confirmed"),
    "membership_refused": _("The membership is not confirmed"),
    "message": _("A coordinator wrote"),
    "message_desk": _("An applicant wrote"),
    "notice": _("A notice in the cohort"),
    "own_data_ready": _("Somebody's own data are ready"),
    "packet_ready": _("The packet is ready"),
    "post_hidden": _("A post was hidden"),
    "rating_invitation": _("Invitation to rate"),
    "rating_state": _("News of a rating"),
    "rating_thanks": _("Thanks to a rater"),
    "rating_withdrawn": _("A rating is no longer needed"),
    "reminders": _("Several reminders in one"),
    "review_assigned": _("A review is asked for"),
    "review_declined": _("A reviewer gave an application back"),
    "review_started": _("The review has started"),
    "reviews_in": _("All reviews are in"),
    "rules_changed": _("New requirements, and what they change"),
    "seat_confirmed": _("The seat is reserved"),
    "sign_off_request": _("A provider is asked to sign"),
    "submitted": _("The submission has arrived"),
    "submitted_desk": _("A submission to check"),
    "withdrawn": _("The application is withdrawn"),
    "withdrawn_desk": _("An applicant withdrew"),
}


def words_of(kind: str, template: str) -> str:
    """A reminder by its kind, every other mail by its template."""
    if kind in Reminder.values:
        return str(Reminder(kind).label)
    return str(BY_TEMPLATE.get(template, template.replace("_", " ").capitalize()))
