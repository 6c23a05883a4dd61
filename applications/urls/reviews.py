"""Addresses of reviewers: their queue, one application beside its evidence, their marks and their recommendation."""

from django.urls import path

from applications.views import reviewer

app_name = "reviews"

urlpatterns = [
    path("", reviewer.queue, name="queue"),
    path("<uuid:assignment>/", reviewer.sheet, name="assignment"),
    path("<uuid:assignment>/mark/", reviewer.mark, name="mark"),
    path("<uuid:assignment>/send/", reviewer.send, name="submit"),
    path("<uuid:assignment>/decline/", reviewer.decline, name="decline"),
    path("<uuid:assignment>/ratings/", reviewer.confidential_ratings, name="ratings"),
    path("<uuid:assignment>/evidence/<uuid:file>/", reviewer.evidence, name="evidence"),
    path("<uuid:assignment>/packet/", reviewer.packet, name="packet"),
]
