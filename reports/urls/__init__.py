"""Addresses of the home pages, dashboards, plans and reports, one module per subject."""

from django.urls import URLPattern

from reports.urls import control, costs, facts, incentives, pages, plans, submissions

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *control.urlpatterns,
    *costs.urlpatterns,
    *facts.urlpatterns,
    *incentives.urlpatterns,
    *pages.urlpatterns,
    *plans.urlpatterns,
    *submissions.urlpatterns,
]
