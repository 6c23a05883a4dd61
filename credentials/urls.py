from django.urls import URLPattern, URLResolver, path

from credentials.views import mine, public

app_name = "credentials"

urlpatterns: list[URLPattern | URLResolver] = [
    path("registry/", public.registry, name="registry"),
    path("verify/", public.verify_enter, name="verify_enter"),
    path("verify/<str:code>/", public.verify, name="verify"),
    path("endorsements/", mine.mine, name="mine"),
    path("endorsements/<uuid:uuid>/certificate/", mine.certificate, name="certificate"),
]
