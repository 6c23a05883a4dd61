from django.urls import URLPattern, URLResolver, path

from members.views import memberships, profile

app_name = "members"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", profile.show, name="profile"),
    path("memberships/", memberships.overview, name="memberships"),
    path("memberships/add/", memberships.add, name="membership_add"),
    path("memberships/<uuid:uuid>/withdraw/", memberships.withdraw, name="membership_withdraw"),
    path("memberships/<uuid:uuid>/proof/", memberships.proof, name="membership_proof"),
]
