"""Addresses of documents and money, one module per noun."""

from django.urls import URLPattern

from deals.urls import (
    act_links,
    analysis,
    contracts,
    deliveries,
    documents,
    exchange,
    goods,
    orders,
    payments,
    proposals,
    receivables,
    terms,
)

app_name = "deals"
urlpatterns: list[URLPattern] = [
    *documents.urlpatterns,
    *goods.urlpatterns,
    *payments.urlpatterns,
    *receivables.urlpatterns,
    *contracts.urlpatterns,
    *deliveries.urlpatterns,
    *orders.urlpatterns,
    *proposals.urlpatterns,
    *terms.urlpatterns,
    *analysis.urlpatterns,
    *exchange.urlpatterns,
    *act_links.urlpatterns,
]
