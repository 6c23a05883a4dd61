"""The root of all addresses (spec: stable interfaces). Each include is owned by the app it names."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

handler400 = "endorsement_portal.web.errors.bad_request"
handler403 = "endorsement_portal.web.errors.permission_denied"
handler404 = "endorsement_portal.web.errors.not_found"
handler429 = "endorsement_portal.web.errors.too_many_requests"
handler500 = "endorsement_portal.web.errors.server_error"

urlpatterns = [
    # applications: the highest floor whose facts these pages show (decision 17)
    path("", include("applications.urls.pages")),
    path("applications/", include("applications.urls.applicant", namespace="applications")),
    path("r/", include("applications.urls.rating", namespace="rating")),
    path("reviews/", include("applications.urls.reviews", namespace="reviews")),
    # credentials
    path("", include("credentials.urls", namespace="credentials")),
    # cohorts
    path("cohorts/", include("cohorts.urls", namespace="cohorts")),
    # competencies
    path("find/", include("competencies.urls.finder", namespace="finder")),
    path("portfolio/", include("competencies.urls.portfolio", namespace="portfolio")),
    path("s/", include("competencies.urls.sign_off", namespace="sign_off")),
    # members
    path("accounts/", include("allauth.urls")),
    path("me/", include("members.urls", namespace="members")),
    # the ground
    path("", include("endorsement_portal.web.urls", namespace="web")),
    path("messages/", include("endorsement_portal.outbox.urls", namespace="outbox")),
    # coordination
    path("admin/records/", admin.site.urls),
    path("admin/", include("coordination.urls", namespace="coordination")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("endorsement_portal.demo.urls", namespace="demo")))
