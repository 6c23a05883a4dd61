"""Settings of the packet builder under fire: a real database file and a real folder of files."""

import os

from endorsement_portal.settings.base import STORAGES, database
from endorsement_portal.settings.test import *  # noqa: F403

VAR_DIR = os.environ["FAULT_FOLDER"]
DATABASES = {"default": database(os.environ["FAULT_DATABASE_URL"])}
CELERY_TASK_ALWAYS_EAGER = False
STORAGES = {
    **STORAGES,
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": f"{VAR_DIR}/files", "base_url": None, "file_permissions_mode": 0o600},
    },
}
LOGGING = {"version": 1, "disable_existing_loggers": True}
