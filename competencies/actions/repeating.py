"""The last RSC session once more: most people meet the same provider for the same time, week after week."""

import datetime

from django.utils.translation import gettext as _

from competencies.actions import portfolio
from competencies.enums import EntryKind
from competencies.models import Supervision
from competencies.queries import portfolio as queries
from endorsement_portal.workflow import NotAllowed
from members.models import Person, User

REPEATED = ("minutes", "format", "group_size", "mode", "provider", "about_own_provision", "ages")
"""What is the same again. What the session strengthened is not: nobody has looked at that yet."""


def repeat_last(*, person: Person, by: User, today: datetime.date) -> Supervision:
    """Log the session entered last again, on `today` (the person's own day).

    Refused without a session to repeat, and when the same one stands there today already: a second press adds nothing.
    """
    last = queries.last_entry(by, EntryKind.SUPERVISION)
    if not isinstance(last, Supervision):
        raise NotAllowed.because(
            "no_session",
            _("There is no session to repeat yet."),
            fix=_("Log one below; from then on one press is enough."),
        )
    values = {name: getattr(last, name) for name in REPEATED}
    same = {name: values[name] for name in ("minutes", "provider")}
    if Supervision.objects.current().filter(person=person, on=today, **same).exists():
        raise NotAllowed.because(
            "same_today",
            _("You have logged this session today already."),
            fix=_("If there was a second one, log it with its own length below."),
        )
    session = portfolio.save(kind=EntryKind.SUPERVISION, person=person, by=by, values={**values, "on": today})
    assert isinstance(session, Supervision)
    return session
