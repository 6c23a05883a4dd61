"""For templates/demo/_people.html alone; loaded only where the demo is installed."""

from django import template
from django.db.models import QuerySet

from endorsement_portal.demo import queries
from endorsement_portal.demo.models import DemoPerson

register = template.Library()


@register.simple_tag
def demo_people() -> QuerySet[DemoPerson]:
    return queries.people()
