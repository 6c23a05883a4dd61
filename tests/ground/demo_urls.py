"""The real addresses with the demo's beside them, as the embedded settings mount them."""

from django.urls import include, path

from endorsement_portal.urls import handler400, handler403, handler404, handler500
from endorsement_portal.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*real, path("demo/", include("endorsement_portal.demo.urls", namespace="demo"))]
