"""A provider's private link and the clean addresses behind it."""

from django.urls import URLPattern, URLResolver, path

from competencies.views import sign_off

app_name = "sign_off"

urlpatterns: list[URLPattern | URLResolver] = [
    path("sessions/", sign_off.sessions, name="sessions"),
    path("done/<uuid:uuid>/", sign_off.done, name="done"),
    path("<str:token>/", sign_off.landing, name="landing"),
]
