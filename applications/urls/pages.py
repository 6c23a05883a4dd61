from django.urls import URLPattern, URLResolver, path

from applications.views import cohort_page, gap, home, landing, matrix, moving, packet

urlpatterns: list[URLPattern | URLResolver] = [
    path("packet/check/", packet.packet_check, name="packet_check"),
    path("portfolio/gap/", gap.gap_index, name="gap_index"),
    path("portfolio/gap/needs/", gap.gap_needs, name="gap_needs"),
    path("portfolio/gap/compare/", gap.gap_compare, name="gap_compare"),
    path("portfolio/gap/<slug:slug>/", gap.gap_report, name="gap"),
    path("portfolio/gap/<slug:slug>/paper/", gap.gap_pdf, name="gap_pdf"),
    path("portfolio/gap/<slug:slug>/plan/", gap.gap_plan, name="gap_plan"),
    path("portfolio/gap/<slug:slug>/entries/<str:requirement>/", gap.gap_entries, name="gap_entries"),
    path("portfolio/competencies/<slug:slug>/", matrix.competency_matrix, name="matrix"),
    path("portfolio/competencies/<slug:slug>/<str:code>/", matrix.competency, name="competency"),
    path("", landing.landing, name="landing"),
    path("home/", home.home, name="home"),
    path("help/", landing.help_page, name="help"),
    path("privacy/", landing.privacy, name="privacy"),
    path("accessibility/", landing.accessibility, name="accessibility"),
    path("cohorts/mine/", cohort_page.my_cohort, name="my_cohort"),
    path("cohorts/<uuid:uuid>/", cohort_page.cohort_page, name="cohort_page"),
    path("cohorts/<uuid:uuid>/move/", moving.cohort_move, name="cohort_move"),
]
