from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "endorsement_portal.demo"
    label = "demo"
