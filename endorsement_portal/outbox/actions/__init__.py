"""What the outbox does: posting, delivering, recovering, reading, and the staff's hand on it."""

from endorsement_portal.outbox.actions.delivery import deliver_due
from endorsement_portal.outbox.actions.handling import hold, mark_sent, release, resend_dead, resend_uncertain, skip
from endorsement_portal.outbox.actions.posting import post
from endorsement_portal.outbox.actions.reading import choose, choose_all, mark_all_read, mark_read
from endorsement_portal.outbox.actions.recovery import recover

__all__ = [
    "choose",
    "choose_all",
    "deliver_due",
    "hold",
    "mark_all_read",
    "mark_read",
    "mark_sent",
    "post",
    "recover",
    "release",
    "resend_dead",
    "resend_uncertain",
    "skip",
]
