from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "endorsement_portal.outbox"
    label = "outbox"
