"""Addresses of claims, one module per noun."""

from django.urls import URLPattern

from claims.urls import key_rates, outgoing

app_name = "claims"
urlpatterns: list[URLPattern] = [
    *outgoing.urlpatterns,
    *key_rates.urlpatterns,
]
