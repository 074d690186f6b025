"""Products, prices with policy and agreements, what becomes of their changes, VAT."""

from django.urls import URLPattern, path

from deals.views import (
    price_changes,
    price_notices,
    prices,
    pricing_policy,
    producers,
    products,
    shipments,
    vat,
)

urlpatterns: list[URLPattern] = [
    path("products/", products.product_list, name="product_list"),
    path("products/new/", products.product_create, name="product_create"),
    path("products/options/", shipments.product_options, name="product_options"),
    path("products/<int:pk>/", products.product_edit, name="product_edit"),
    path("products/<int:pk>/archive/", products.product_archive, name="product_archive"),
    path("prices/", prices.price_list_list, name="price_list_list"),
    path("prices/new/", prices.price_list_create, name="price_list_create"),
    path("prices/<int:pk>/", prices.price_list_detail, name="price_list_detail"),
    path("prices/<int:pk>/edit/", prices.price_list_edit, name="price_list_edit"),
    path("prices/<int:pk>/fill/", prices.price_list_fill, name="price_list_fill"),
    path("price-lines/<int:pk>/drop/", prices.price_list_drop, name="price_list_drop"),
    path("prices/<int:pk>/approve/", prices.price_list_approve, name="price_list_approve"),
    path("prices/<int:pk>/discard/", prices.price_list_discard, name="price_list_discard"),
    path("prices/<int:pk>/end/", prices.price_list_end, name="price_list_end"),
    path("prices/<int:pk>/history/", prices.price_list_history, name="price_list_history"),
    path("prices/<int:pk>/changes/", price_changes.price_list_changes, name="price_list_changes"),
    path("prices/<int:pk>/clients/", price_changes.price_list_clients, name="price_list_clients"),
    path("price-notices/", price_notices.price_notice_list, name="price_notice_list"),
    path(
        "price-notices/mark/<slug:step>/",
        price_notices.price_notices_mark,
        name="price_notices_mark",
    ),
    path("price-notices/<int:pk>/", price_notices.price_notice_detail, name="price_notice_detail"),
    path("price-notices/<int:pk>/pdf/", price_notices.price_notice_pdf, name="price_notice_pdf"),
    path(
        "price-notices/<int:pk>/history/",
        price_notices.price_notice_history,
        name="price_notice_history",
    ),
    path(
        "price-notices/<int:pk>/back/",
        price_notices.price_notice_back,
        name="price_notice_back",
    ),
    path(
        "price-notices/<int:pk>/mark/<slug:step>/",
        price_notices.price_notice_mark,
        name="price_notice_mark",
    ),
    path("pricing-policy/", pricing_policy.policy, name="pricing_policy"),
    path("pricing-policy/write/", pricing_policy.policy_write, name="pricing_policy_write"),
    path("pricing-policy/<int:pk>/", pricing_policy.policy_version, name="pricing_policy_version"),
    path(
        "pricing-policy/<int:pk>/publish/",
        pricing_policy.policy_publish,
        name="pricing_policy_publish",
    ),
    path(
        "pricing-policy/<int:pk>/discard/",
        pricing_policy.policy_discard,
        name="pricing_policy_discard",
    ),
    path(
        "pricing-policy/<int:pk>/history/",
        pricing_policy.policy_history,
        name="pricing_policy_history",
    ),
    path("producers/", producers.producer_agreement_list, name="producer_agreement_list"),
    path("producers/new/", producers.producer_agreement_create, name="producer_agreement_create"),
    path(
        "producers/<int:pk>/",
        producers.producer_agreement_detail,
        name="producer_agreement_detail",
    ),
    path(
        "producers/<int:pk>/edit/",
        producers.producer_agreement_edit,
        name="producer_agreement_edit",
    ),
    path(
        "producers/<int:pk>/archive/",
        producers.producer_agreement_archive,
        name="producer_agreement_archive",
    ),
    path(
        "producers/<int:pk>/restore/",
        producers.producer_agreement_restore,
        name="producer_agreement_restore",
    ),
    path(
        "producers/<int:pk>/history/",
        producers.producer_agreement_history,
        name="producer_agreement_history",
    ),
    path("vat/", vat.vat_rates, name="vat_rates"),
    path("vat/add/", vat.vat_add, name="vat_add"),
    path("vat/<int:pk>/end/", vat.vat_end, name="vat_end"),
    path("vat/<int:pk>/remove/", vat.vat_remove, name="vat_remove"),
    path("vat/<int:pk>/history/", vat.vat_history, name="vat_history"),
]
