"""What is wrong with a length as it was typed, in words. Fields on every floor say it alike."""

from django.utils.translation import gettext_lazy as _

from competencies.durations import Fault

FAULTS = {
    Fault.UNREADABLE: _("Write the length as 1 h 30 min, 1:30, 1.5 h or 90 min."),
    Fault.AMBIGUOUS: _("Is that hours or minutes? Write %(text)s h or %(text)s min."),
    Fault.UNIT_MISSING: _("Write %(text)s h if you mean hours."),
    Fault.NOT_WHOLE: _("%(text)s is not a whole number of minutes. Write hours and minutes, as in 1 h 20 min."),
    Fault.ZERO: _("The length must be at least one minute."),
}
