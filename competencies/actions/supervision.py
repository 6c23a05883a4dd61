"""Asking a provider to confirm sessions, and the provider's one signature for all of them."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from competencies.enums import SessionState, SignOffAnswer
from competencies.models import SignOff, SignOffLine, SignOffRequest, Supervision
from competencies.queries.portfolio import OPEN_STATES
from competencies.rules import is_own_person
from endorsement_portal.audit import actions as audit
from endorsement_portal.links import actions as links
from endorsement_portal.links.models import PrivateLink
from endorsement_portal.links.queries import live_link
from endorsement_portal.outbox import actions as outbox
from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.web.addresses import absolute
from endorsement_portal.web.dates import zoned
from endorsement_portal.workflow import NotAllowed
from members.enums import Provenance
from members.models import Person, User
from members.queries import recipient

PURPOSE = "sign_off"
LINK_VALID_FOR = datetime.timedelta(days=45)
LINK_REST_MIN = datetime.timedelta(days=14)
"""A link that lives at least this long is mailed again; else a new one takes its place."""
PROVIDERS_ASKED_PER_DAY_MAX = 5
SESSION_MINUTES_MAX = 24 * 60
REASON_LENGTH_MAX = 500
NAME_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class SessionAnswer:
    """A provider's answer for one session, as it stood in `version`. `minutes` only with CORRECT."""

    session: UUID
    version: int
    answer: SignOffAnswer
    minutes: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    sign_off: SignOff
    skipped: tuple[UUID, ...]
    """Sessions that changed after the page was shown: left as they are."""


def statement() -> str:
    """The sentence a provider signs."""
    return _(
        "I gave the sessions of reflective supervision or consultation that I confirm here, on the dates and for the "
        "minutes shown. I was qualified to do so on those dates."
    )


def ask_provider(*, person: Person, provider: Person, by: User, now: datetime.datetime | None = None) -> SignOffRequest:
    """Mail the provider their private link. At most once a day for each provider, and a few providers a day."""
    now = now or timezone.now()
    if not is_own_person(by, person):
        raise NotAllowed.because("not_yours", _("Only the person themself asks for confirmation."))
    with transaction.atomic():
        waiting = Supervision.objects.current().filter(person=person, provider=provider, state__in=OPEN_STATES)
        minutes = list(waiting.values_list("minutes", flat=True))
        if not minutes:
            raise NotAllowed.because(
                "nothing_to_confirm",
                _("There is no session with this provider that waits for a confirmation."),
                fix=_("Log the session first."),
            )
        request, created = SignOffRequest.objects.get_or_create(provider=provider, defaults={"asked_at": now})
        if not created:
            SignOffRequest.objects.filter(pk=request.pk).update(asked_at=now, asked_count=F("asked_count") + 1)
        waiting.update(state=SessionState.SENT, asked_at=now)
        _post_request(request, person=person, sessions=len(minutes), minutes=sum(minutes), now=now)
        audit.record(verb="supervision.provider_asked", obj=request, by=by, data={"sessions": len(minutes)})
    request.refresh_from_db()
    return request


def _post_request(
    request: SignOffRequest, *, person: Person, sessions: int, minutes: int, now: datetime.datetime
) -> None:
    day = zoned(now, person.time_zone).date()
    own_keys = f"rsc-ask:{person.uuid}:{day}:"
    if OutgoingMessage.objects.filter(key__startswith=own_keys).count() >= PROVIDERS_ASKED_PER_DAY_MAX:
        raise NotAllowed.because(
            "asked_many_today",
            _("You asked %(count)d providers today.") % {"count": PROVIDERS_ASKED_PER_DAY_MAX},
            fix=_("Ask the next one tomorrow."),
        )
    link = _live_link(request, now)
    message = outbox.post(
        key=f"{own_keys}{request.provider.uuid}",
        kind="rsc_sign_off",
        template="sign_off_request",
        to=recipient(request.provider),
        context={
            "provider": request.provider.name,
            "person": person.name,
            "sessions": sessions,
            "minutes": minutes,
            "link": links.placeholder(link, "sign_off:landing"),
            "valid_until": _day_in_words(link.expires_at, request.provider),
        },
    )
    if message is None:
        raise NotAllowed.because(
            "asked_today",
            _("You asked %(name)s today already.") % {"name": request.provider.name},
            fix=_("The link in that mail shows every session that waits, also those you logged since."),
        )


def _day_in_words(instant: datetime.datetime, reader: Person) -> str:
    with override(reader.language):
        return date_format(zoned(instant, reader.time_zone).date(), "D, F j, Y")


def _live_link(request: SignOffRequest, now: datetime.datetime) -> PrivateLink:
    """The provider's one link: the one mailed before, while it lives long enough, so that older mails stay good."""
    live = live_link(purpose=PURPOSE, object_uuid=request.uuid, now=now)
    if live is not None and live.expires_at >= now + LINK_REST_MIN:
        return live
    return links.issue(purpose=PURPOSE, object_uuid=request.uuid, valid_for=LINK_VALID_FOR, now=now)


def sign(
    *,
    request: SignOffRequest,
    link: PrivateLink,
    answers: tuple[SessionAnswer, ...],
    typed_name: str,
    now: datetime.datetime | None = None,
) -> Signed:
    """Write the provider's answers under one signature.

    A session that its member changed or withdrew after the page was shown is skipped. Confirmed minutes replace the
    logged ones; the line keeps both (decision 7). Each member gets one message for all their sessions (N37).
    """
    now = now or timezone.now()
    _refuse_link(link, request, now)
    name = _checked_name(typed_name)
    if not answers:
        raise NotAllowed.because(
            "nothing_answered", _("You left every session for later."), fix=_("Answer at least one of them.")
        )
    for answer in answers:
        _refuse_answer(answer)
    with transaction.atomic():
        sign_off = SignOff.objects.create(provider=request.provider, typed_name=name, text=statement(), signed_at=now)
        today = zoned(now, request.provider.time_zone).date()
        lines = _write_lines(sign_off, answers, today=today)
        if not lines:
            raise NotAllowed.because(
                "all_changed",
                _("These sessions changed while you were reading, so nothing was signed."),
                fix=_("Look at the page again."),
            )
        links.mark_used(link)
        audit.record(
            verb="supervision.signed",
            obj=sign_off,
            by=link,
            data={"sessions": [str(line.session.uuid) for line in lines], "statement": "rsc-1"},
            text=name,
        )
        _tell_members(sign_off, lines)
    written = {line.session.uuid for line in lines}
    return Signed(sign_off, tuple(answer.session for answer in answers if answer.session not in written))


def _refuse_link(link: PrivateLink, request: SignOffRequest, now: datetime.datetime) -> None:
    opens = link.purpose == PURPOSE and link.object_uuid == request.uuid
    if not opens or link.revoked_at is not None or link.expires_at <= now:
        raise NotAllowed.because(
            "link_ended", _("This link is no longer valid."), fix=_("Ask for a new one from the newest mail.")
        )


def _checked_name(typed_name: str) -> str:
    name = " ".join(typed_name.split())
    if not name or len(name) > NAME_LENGTH_MAX:
        raise NotAllowed.because("name_missing", _("Type your name to sign."), where="typed_name")
    return name


def _refuse_answer(answer: SessionAnswer) -> None:
    if answer.answer == SignOffAnswer.DECLINE and not answer.reason.strip():
        raise NotAllowed.because("reason_missing", _("Say in a few words why you decline."), where=str(answer.session))
    if answer.answer == SignOffAnswer.CORRECT and not 0 < (answer.minutes or 0) <= SESSION_MINUTES_MAX:
        raise NotAllowed.because(
            "minutes_out_of_range", _("A session lasts between 1 minute and 24 hours."), where=str(answer.session)
        )


def _write_lines(sign_off: SignOff, answers: tuple[SessionAnswer, ...], *, today: datetime.date) -> list[SignOffLine]:
    wanted = {answer.session: answer for answer in answers}
    sessions = Supervision.objects.current().filter(uuid__in=wanted, provider=sign_off.provider, state__in=OPEN_STATES)
    lines = []
    for session in sessions.select_related("person", "person__user").order_by("id"):
        answer = _settled(wanted[session.uuid], session)
        if _write_answer(session, answer, today=today):
            lines.append(
                SignOffLine(
                    sign_off=sign_off,
                    session=session,
                    answer=answer.answer,
                    minutes_before=session.minutes,
                    minutes_after=session.minutes if answer.minutes is None else answer.minutes,
                    reason=answer.reason.strip()[:REASON_LENGTH_MAX],
                )
            )
    return SignOffLine.objects.bulk_create(lines)


def _settled(answer: SessionAnswer, session: Supervision) -> SessionAnswer:
    """A correction to the minutes already there is a confirmation; other answers carry no minutes."""
    if answer.answer == SignOffAnswer.CORRECT and answer.minutes != session.minutes:
        return answer
    kind = SignOffAnswer.CONFIRM if answer.answer == SignOffAnswer.CORRECT else answer.answer
    return replace(answer, answer=kind, minutes=None)


STATE_AFTER: dict[SignOffAnswer, SessionState] = {
    SignOffAnswer.CONFIRM: SessionState.CONFIRMED,
    SignOffAnswer.CORRECT: SessionState.CORRECTED,
    SignOffAnswer.DECLINE: SessionState.DECLINED,
}


def _write_answer(session: Supervision, answer: SessionAnswer, *, today: datetime.date) -> bool:
    """One conditional update: only the version that the provider saw, and only while nobody else answered."""
    confirmed = answer.answer != SignOffAnswer.DECLINE
    rows = Supervision.objects.current().filter(
        pk=session.pk, version=answer.version, provider=session.provider_id, state__in=OPEN_STATES
    )
    written: int = rows.update(
        state=STATE_AFTER[answer.answer],
        minutes=session.minutes if answer.minutes is None else answer.minutes,
        attested_on=today if confirmed else None,
        provenance=Provenance.CONFIRMED_HERE if confirmed else session.provenance,
        accepted=True if confirmed else session.accepted,
        version=F("version") + 1,
        updated_at=timezone.now(),
    )
    return bool(written)


def _tell_members(sign_off: SignOff, lines: list[SignOffLine]) -> None:
    """States and sums only; a reason is read in the portal."""
    by_person: dict[Person, list[SignOffLine]] = defaultdict(list)
    for line in lines:
        by_person[line.session.person].append(line)
    for person, own in by_person.items():
        confirmed = [line for line in own if line.answer != SignOffAnswer.DECLINE]
        outbox.post(
            key=f"rsc-sign:{sign_off.uuid}:{person.uuid}",
            kind="hours_confirmed",
            template="hours_confirmed",
            to=recipient(person),
            context={
                "person": person.name,
                "provider": sign_off.provider.name,
                "confirmed": len(confirmed),
                "minutes": sum(line.minutes_after for line in confirmed),
                "changed": sum(line.answer == SignOffAnswer.CORRECT for line in own),
                "declined": sum(line.answer == SignOffAnswer.DECLINE for line in own),
                "address": absolute("portfolio:list", "supervision"),
            },
            required=False,
        )
