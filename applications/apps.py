from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApplicationsConfig(AppConfig):
    name = "applications"

    def ready(self) -> None:
        from applications import rules  # noqa: F401 - registers its predicates

        post_migrate.connect(_load_legal_texts, sender=self)


def _load_legal_texts(**_kwargs: Any) -> None:
    """A database without the texts to sign cannot take a submission, so migrating brings them."""
    from applications.actions.legal_texts import load_defaults

    load_defaults()
