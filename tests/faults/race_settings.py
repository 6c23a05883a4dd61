"""Settings of the web server under a race: a real database file or server, no worker (jobs wait for the sweep)."""

import os

from endorsement_portal.settings.base import database
from endorsement_portal.settings.test import *  # noqa: F403

DATABASES = {"default": database(os.environ["RACE_DATABASE_URL"])}
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = {"version": 1, "disable_existing_loggers": True}
