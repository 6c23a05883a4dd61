from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "endorsement_portal.links"
    label = "links"
