"""Addresses of home pages, dashboards, plans, control, pay and reports by subject."""

from django.urls import URLPattern

from reports.urls import control, facts, incentives, pages, plans

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *pages.urlpatterns,
    *facts.urlpatterns,
    *control.urlpatterns,
    *incentives.urlpatterns,
    *plans.urlpatterns,
]
