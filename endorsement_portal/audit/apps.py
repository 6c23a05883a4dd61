from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def restore_triggers(*, using: str, **_signal: Any) -> None:
    """A migration that rebuilds a table on SQLite drops its triggers without a word: put back what is missing."""
    from endorsement_portal.audit import triggers
    from endorsement_portal.audit.models import AuditText

    connection = connections[using]
    with connection.cursor() as cursor:
        built = AuditText._meta.db_table in connection.introspection.table_names(cursor)
    if built and triggers.installed(connection) != triggers.names():
        triggers.install(connection)


class AuditConfig(AppConfig):
    name = "endorsement_portal.audit"
    label = "audit"

    def ready(self) -> None:
        post_migrate.connect(restore_triggers, sender=self, dispatch_uid="audit.triggers")
