"""ABC analysis."""

from django.urls import URLPattern, path

from deals.views import abc

urlpatterns: list[URLPattern] = [
    path("abc/", abc.abc, name="abc"),
    path("abc/run/", abc.abc_run, name="abc_run"),
    path("abc/<int:pk>/propose/", abc.abc_propose, name="abc_propose"),
]
