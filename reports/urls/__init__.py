"""Addresses of the home pages, dashboards, plans, control and reports, one module per subject."""

from django.urls import URLPattern

from reports.urls import control, facts, pages, plans

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *pages.urlpatterns,
    *facts.urlpatterns,
    *control.urlpatterns,
    *plans.urlpatterns,
]
