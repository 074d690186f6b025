"""Addresses of documents and money, one module per noun."""

from django.urls import URLPattern

from deals.urls import (
    act_links,
    acts,
    analysis,
    assortment,
    contracts,
    deliveries,
    differences,
    documents,
    exchange,
    goods,
    orders,
    payments,
    promos,
    proposals,
    receivables,
    retro,
    schedules,
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
    *promos.urlpatterns,
    *proposals.urlpatterns,
    *terms.urlpatterns,
    *retro.urlpatterns,
    *schedules.urlpatterns,
    *acts.urlpatterns,
    *analysis.urlpatterns,
    *assortment.urlpatterns,
    *exchange.urlpatterns,
    *differences.urlpatterns,
    *act_links.urlpatterns,
]
