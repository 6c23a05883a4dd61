from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompetenciesConfig(AppConfig):
    name = "competencies"

    def ready(self) -> None:
        from competencies import rules, signals  # noqa: F401 - registers the permissions, connects the receivers
        from endorsement_portal.outbox import kinds

        kinds.register("hours_confirmed", _("A provider answered your reflective supervision hours"))
        kinds.register("attendance_recorded", _("Your attendance of a training was recorded"))
        kinds.register("log_imported", _("An import of your log is done, when you left the page meanwhile"))
        kinds.register("own_data_ready", _("The ZIP of your own data is ready"))
