from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "endorsement_portal.files"
    label = "files"
