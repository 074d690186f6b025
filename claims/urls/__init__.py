"""Addresses of claims, one module per noun."""

from django.urls import URLPattern

from claims.urls import claims, escalations, measures, returns

app_name = "claims"
urlpatterns: list[URLPattern] = [
    *claims.urlpatterns,
    *escalations.urlpatterns,
    *measures.urlpatterns,
    *returns.urlpatterns,
]
