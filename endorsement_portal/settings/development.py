"""The embedded default: one machine, no server to install. SQLite, Celery over files, mail into a page."""

from endorsement_portal.settings.base import *
from endorsement_portal.settings.base import ENVIRONMENT, INSTALLED_APPS, VAR_DIR, database

DEBUG = False
DEMO = True
STAFF_MFA_REQUIRED = False  # the demo people sign in with one click; production and the tests ask for the second factor
SECRET_KEY = ENVIRONMENT.secret_key or "embedded-development-only-not-for-production-0123456789"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *ENVIRONMENT.allowed_hosts]
PUBLIC_ADDRESS = ENVIRONMENT.public_address or "http://localhost:8000"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
WHITENOISE_USE_FINDERS = True

INSTALLED_APPS = [*INSTALLED_APPS, "endorsement_portal.demo"]

VAR_DIR.mkdir(parents=True, exist_ok=True)
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
DATABASES = {"default": database(ENVIRONMENT.database_url or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENVIRONMENT.redis_url}
        if ENVIRONMENT.redis_url
        else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(VAR_DIR / "cache")}
    )
}

EMAIL_BACKEND = "endorsement_portal.demo.mail.DemoMailBackend"

if ENVIRONMENT.redis_url:
    CELERY_BROKER_URL = ENVIRONMENT.redis_url
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "queue"),
        "data_folder_out": str(VAR_DIR / "queue"),
        "control_folder": str(VAR_DIR / "queue-control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
    for folder in ("queue", "queue-control"):
        (VAR_DIR / folder).mkdir(parents=True, exist_ok=True)
