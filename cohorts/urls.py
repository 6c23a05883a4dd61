from django.urls import URLPattern, URLResolver, path

from cohorts.views import cohorts, discussion, moderation

app_name = "cohorts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", cohorts.cohort_list, name="list"),
    path("<uuid:uuid>/reserve/", cohorts.reserve, name="reserve"),
    path("<uuid:uuid>/leave/", cohorts.leave, name="leave"),
    path("<uuid:uuid>/calendar.ics", cohorts.calendar, name="calendar"),
    path("<uuid:uuid>/threads/", discussion.threads, name="threads"),
    path("<uuid:uuid>/threads/new/", discussion.thread_new, name="thread_new"),
    path("threads/<uuid:uuid>/", discussion.thread, name="thread"),
    path("threads/<uuid:uuid>/pin/", moderation.thread_pin, name="thread_pin"),
    path("threads/<uuid:uuid>/lock/", moderation.thread_lock, name="thread_lock"),
    path("posts/<uuid:uuid>/edit/", discussion.post_edit, name="post_edit"),
    path("posts/<uuid:uuid>/report/", moderation.post_report, name="post_report"),
    path("posts/<uuid:uuid>/moderate/", moderation.post_hide, name="post_hide"),
]
