"""Addresses of the home pages, dashboards and search."""

from django.urls import path

from reports.views.department import department, how
from reports.views.home import home

app_name = "reports"
urlpatterns = [
    path("", home, name="home"),
    path("department/", department, name="department"),
    path("how/<slug:code>/", how, name="how"),
]
