from django.urls import URLPattern, URLResolver, path

from competencies.views import finder

app_name = "finder"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", finder.start, name="start"),
    path("<int:number>/", finder.question, name="question"),
    path("result/", finder.result, name="result"),
]
