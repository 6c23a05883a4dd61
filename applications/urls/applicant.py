"""Addresses of an applicant's own application."""

from django.urls import URLPattern, URLResolver, path

from applications.views import applicant, check, hub, messages, packet, references, sign

app_name = "applications"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", applicant.application_list, name="list"),
    path("start/<uuid:uuid>/", applicant.start, name="start"),
    path("<uuid:uuid>/", hub.hub, name="hub"),
    path("<uuid:uuid>/category/", applicant.category, name="category"),
    path("<uuid:uuid>/selection/", hub.selection, name="selection"),
    path("<uuid:uuid>/sign/<slug:kind>/", sign.sign, name="sign"),
    path("<uuid:uuid>/tasks/<uuid:task>/", hub.answer_change, name="answer_change"),
    path("<uuid:uuid>/references/", references.raters, name="references"),
    path("<uuid:uuid>/references/add/", references.add, name="reference_add"),
    path("<uuid:uuid>/references/<uuid:replaced>/replace/", references.add, name="reference_replace"),
    path("<uuid:uuid>/references/<uuid:reference>/act/", references.act, name="reference_act"),
    path("<uuid:uuid>/packets/<uuid:packet>/", packet.packet, name="packet"),
    path("<uuid:uuid>/packets/<uuid:packet>/progress/", packet.packet_progress, name="packet_progress"),
    path("<uuid:uuid>/packets/<uuid:packet>/file/", packet.packet_file, name="packet_file"),
    path("<uuid:uuid>/check/", check.check, name="check"),
    path("<uuid:uuid>/submit/", check.submit, name="submit"),
    path("<uuid:uuid>/submitted/<int:number>/", check.confirmation, name="confirmation"),
    path("<uuid:uuid>/messages/", messages.conversation, name="messages"),
    path("<uuid:uuid>/withdraw/", applicant.withdraw, name="withdraw"),
]
