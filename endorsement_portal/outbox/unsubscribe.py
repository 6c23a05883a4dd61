"""One click to stop a kind of mail, without signing in: a signed address that names the message it stood in."""

from django.core import signing

from endorsement_portal.outbox.models import OutgoingMessage
from endorsement_portal.web.addresses import absolute

SALT = "endorsement_portal.outbox.unsubscribe"


def address(message: OutgoingMessage) -> str:
    return absolute("outbox:unsubscribe", signing.Signer(salt=SALT).sign(message.uuid.hex))


def message_of(token: str) -> OutgoingMessage | None:
    """The optional message whose reader asks; None when the address was not made by us or the message is gone."""
    try:
        uuid = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return OutgoingMessage.objects.filter(uuid=uuid, required=False, user__isnull=False).first()
