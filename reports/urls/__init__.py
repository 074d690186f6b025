"""Addresses of the home pages, dashboards, control and reports, one module per subject."""

from django.urls import URLPattern

from reports.urls import control, pages, submissions

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *pages.urlpatterns,
    *control.urlpatterns,
    *submissions.urlpatterns,
]
