"""Settings of the mail worker under fire: a real database file or server, a sink instead of a mail server."""

import os

from endorsement_portal.settings.base import BASE_DIR, database
from endorsement_portal.settings.test import *  # noqa: F403
from endorsement_portal.settings.test import TEMPLATES

DATABASES = {"default": database(os.environ["FAULT_DATABASE_URL"])}
EMAIL_BACKEND = os.environ["FAULT_SINK"]
CELERY_TASK_ALWAYS_EAGER = False
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "tests" / "ground" / "templates", *TEMPLATES[0]["DIRS"]]}]
LOGGING = {"version": 1, "disable_existing_loggers": True}
