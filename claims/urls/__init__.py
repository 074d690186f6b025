"""Addresses of claims, one module per noun."""

from django.urls import URLPattern

from claims.urls import claims, escalations, key_rates, measures, outgoing, returns

app_name = "claims"
urlpatterns: list[URLPattern] = [
    *claims.urlpatterns,
    *escalations.urlpatterns,
    *key_rates.urlpatterns,
    *measures.urlpatterns,
    *outgoing.urlpatterns,
    *returns.urlpatterns,
]
