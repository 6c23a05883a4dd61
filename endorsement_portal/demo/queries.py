"""Reading the demo's mail and its people."""

from django.db.models import Q, QuerySet

from endorsement_portal.demo.models import DemoMail, DemoPerson


def mails(*, search: str = "") -> QuerySet[DemoMail]:
    """Newest first; `search` looks into addresses and subjects."""
    found = DemoMail.objects.all()
    return found.filter(Q(to_email__icontains=search) | Q(subject__icontains=search)) if search else found


def people() -> QuerySet[DemoPerson]:
    return DemoPerson.objects.filter(user__is_active=True).select_related("user")
