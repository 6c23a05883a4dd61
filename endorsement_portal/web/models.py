"""What a person typed and has not yet saved, kept by form so that nothing typed is ever lost."""

from django.conf import settings
from django.db import models

from endorsement_portal.models import Timestamped


class FormDraft(Timestamped):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_drafts")
    form_key = models.CharField(max_length=120)
    """Which form: "training:new", "training:<uuid>", "application:<uuid>:agreement"."""
    data = models.JSONField(default=dict)
    """Field name -> list of raw values, exactly as typed; incomplete and wrong input is welcome."""
    version = models.PositiveIntegerField(default=1)
    """Rises with each save; a save that names an older version is answered with a choice, never an overwrite."""
    writer = models.CharField(max_length=40, blank=True)
    """A random mark of the page that saved last: when its answer was lost on the way, it goes on where it was."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form_key"], name="web_one_draft_per_form")]
