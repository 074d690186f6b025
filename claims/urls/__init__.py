"""Addresses of claims, one module per noun."""

from django.urls import URLPattern

from claims.urls import returns

app_name = "claims"
urlpatterns: list[URLPattern] = [
    *returns.urlpatterns,
]
