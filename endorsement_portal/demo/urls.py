from django.urls import path

from endorsement_portal.demo import views

app_name = "demo"

urlpatterns = [
    path("mail/", views.mail, name="mail"),
    path("mail/<uuid:uuid>/", views.mail_detail, name="mail_detail"),
    path("sign-in/", views.sign_in, name="sign_in"),
]
