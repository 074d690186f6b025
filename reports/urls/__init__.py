"""Addresses of the home pages, dashboards, plans and reports, one module per subject."""

from django.urls import URLPattern

from reports.urls import facts, pages, plans

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *pages.urlpatterns,
    *facts.urlpatterns,
    *plans.urlpatterns,
]
