"""The one reader of the environment: every setting from outside is read, typed and checked here."""

from dataclasses import dataclass
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

_read = environ.Env()

SAMPLE_SECRETS = ("changeme", "secret", "insecure", "example", "sample", "development", "password")
SECRET_LENGTH_MIN = 50
SECRET_DISTINCT_CHARACTERS_MIN = 12


@dataclass(frozen=True, slots=True)
class Environment:
    """What the machine around us says. Paths are absolute; times are whole seconds."""

    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    public_address: str
    database_url: str
    redis_url: str
    var_dir: Path
    mail_url: str
    mail_from: str
    storage_bucket: str
    storage_endpoint: str
    storage_region: str
    trusted_proxies: int
    clamav_address: str


def read() -> Environment:
    """Read the environment once. Raises ImproperlyConfigured when a value has the wrong type."""
    return Environment(
        secret_key=_read.str("SECRET_KEY", default=""),
        secret_key_fallbacks=tuple(_read.list("SECRET_KEY_FALLBACKS", default=[])),
        allowed_hosts=tuple(_read.list("ALLOWED_HOSTS", default=[])),
        public_address=_read.str("PUBLIC_ADDRESS", default=""),
        database_url=_read.str("DATABASE_URL", default=""),
        redis_url=_read.str("REDIS_URL", default=""),
        var_dir=Path(_read.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve(),
        mail_url=_read.str("MAIL_URL", default=""),
        mail_from=_read.str("MAIL_FROM", default="Endorsement <endorsement@localhost>"),
        storage_bucket=_read.str("STORAGE_BUCKET", default=""),
        storage_endpoint=_read.str("STORAGE_ENDPOINT", default=""),
        storage_region=_read.str("STORAGE_REGION", default=""),
        trusted_proxies=_read.int("TRUSTED_PROXIES", default=0),
        clamav_address=_read.str("CLAMAV_ADDRESS", default=""),
    )


def refuse_weak_secret(name: str, value: str) -> None:
    """Raise ImproperlyConfigured unless `value` is long, varied and no sample text."""
    if not value:
        raise ImproperlyConfigured(f"{name} is missing. Set it to {SECRET_LENGTH_MIN} or more random characters.")
    lowered = value.lower()
    if any(sample in lowered for sample in SAMPLE_SECRETS):
        raise ImproperlyConfigured(f"{name} contains a sample word. Use random characters only.")
    if len(value) < SECRET_LENGTH_MIN or len(set(value)) < SECRET_DISTINCT_CHARACTERS_MIN:
        raise ImproperlyConfigured(
            f"{name} is weak: it needs at least {SECRET_LENGTH_MIN} characters, "
            f"{SECRET_DISTINCT_CHARACTERS_MIN} of them different."
        )


def require(name: str, value: str) -> str:
    """Return `value`, or raise ImproperlyConfigured naming the variable to set."""
    if not value:
        raise ImproperlyConfigured(f"{name} is missing: production does not start without it.")
    return value


def mail_settings(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings for an smtp://, smtp+tls:// or smtp+ssl:// address."""
    return dict(environ.Env.email_url_config(url))
