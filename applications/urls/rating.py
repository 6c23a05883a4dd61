"""Addresses of raters: the private link, then clean addresses for as long as the browser holds it."""

from django.urls import URLPattern, URLResolver, path

from applications.views import rater

app_name = "rating"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:uuid>/questions/", rater.form, name="form"),
    path("<uuid:uuid>/save/", rater.save, name="save"),
    path("<uuid:uuid>/decline/", rater.decline, name="decline"),
    path("<uuid:uuid>/done/", rater.done, name="done"),
    path("<str:token>/", rater.landing, name="landing"),
]
