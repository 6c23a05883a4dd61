from django.urls import path

from endorsement_portal.outbox import views

app_name = "outbox"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("stop/<str:token>/", views.stop, name="unsubscribe"),
    path("<uuid:uuid>/", views.read, name="read"),
    path("<uuid:uuid>/follow/", views.follow, name="follow"),
]
