"""The tests: as development, but nothing outside the process and every shortcut loud."""

import tempfile
from pathlib import Path

from endorsement_portal.settings.base import *
from endorsement_portal.settings.base import ENVIRONMENT, INSTALLED_APPS, STORAGES, database

SECRET_KEY = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"
DEMO = False
INSTALLED_APPS = [*INSTALLED_APPS, "endorsement_portal.demo"]  # its tables, for its own tests; its routes stay away
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PUBLIC_ADDRESS = "http://testserver"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DATABASES = {"default": database(ENVIRONMENT.database_url or "sqlite:///:memory:")}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_URL = "memory://"
VAR_DIR = Path(tempfile.mkdtemp(prefix="endorsement-tests-"))
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir()
STORAGES = {
    **STORAGES,
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "files"), "base_url": None, "file_permissions_mode": 0o600},
    },
}
