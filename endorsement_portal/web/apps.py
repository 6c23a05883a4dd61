from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "endorsement_portal.web"
    label = "web"

    def ready(self) -> None:
        from endorsement_portal.web import signals  # noqa: F401 - connects the receivers
