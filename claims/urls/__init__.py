"""Addresses of claims, one module per noun."""

from django.urls import URLPattern

from claims.urls import escalations, measures

app_name = "claims"
urlpatterns: list[URLPattern] = [
    *escalations.urlpatterns,
    *measures.urlpatterns,
]
