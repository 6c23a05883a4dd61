"""Pure: the secret of a link. It is derived, so that a mail can be built again without the secret being stored.

token = base64url(HMAC-SHA-256(key from the site's secret, purpose and UUID of the link)): 256 bits. Only its SHA-256 is
kept; whoever reads the table alone cannot open a link, and whoever guesses has 2^256 to try.
"""

import base64
import hashlib
import hmac
from uuid import UUID

KEY_LABEL = b"endorsement_portal.links.token"


def derive(secret: str, *, purpose: str, uuid: UUID) -> str:
    key = hmac.new(secret.encode(), KEY_LABEL, hashlib.sha256).digest()
    digest = hmac.new(key, f"{purpose}:{uuid}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
