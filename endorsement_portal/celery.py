"""The Celery application. Tasks are nudges: the truth is always a row (see README, background jobs)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endorsement_portal.settings.development")

app = Celery("endorsement_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
