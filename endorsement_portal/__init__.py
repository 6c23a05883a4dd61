"""GROUND: settings and platform services (audit, outbox, files, links, web).

Owns: how a request, a job, a file, a message and a line of history work, for any noun.
May import: Django, libraries, the standard library.
Refuses to know: any noun of the credential. It names the apps above only as strings.
"""

from endorsement_portal.celery import app as celery_app

__all__ = ["celery_app"]
