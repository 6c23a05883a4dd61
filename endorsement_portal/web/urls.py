from django.urls import URLPattern, URLResolver, path

from endorsement_portal.web import views

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/live", views.live, name="live"),
    path("healthz/ready", views.ready, name="ready"),
    path("drafts/<str:key>/", views.save_draft, name="save_draft"),
    path("theme/", views.theme, name="theme"),
    path("csp-report/", views.csp_report, name="csp_report"),
]
