from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import rules, signals  # noqa: F401 - registers the permissions, connects the receivers
