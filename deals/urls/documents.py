"""Shipments, returns, invoices, and documents without a client."""

from django.urls import URLPattern, path

from deals.views import invoices, packages, panels, shipments, unassigned

urlpatterns: list[URLPattern] = [
    path("shipments/", shipments.shipment_list, name="shipment_list"),
    path("shipments/new/", shipments.shipment_create, name="shipment_create"),
    path("shipments/<int:pk>/", shipments.shipment_detail, name="shipment_detail"),
    path("shipments/<int:pk>/edit/", shipments.shipment_edit, name="shipment_edit"),
    path("shipments/<int:pk>/post/", shipments.shipment_post, name="shipment_post"),
    path("shipments/<int:pk>/cancel/", shipments.shipment_cancel, name="shipment_cancel"),
    path("shipments/<int:pk>/reverse/", shipments.shipment_reverse, name="shipment_reverse"),
    path("shipments/<int:pk>/history/", shipments.shipment_history, name="shipment_history"),
    path(
        "shipments/<int:pk>/package/<slug:kind>/<slug:step>/",
        packages.package_note,
        name="package_note",
    ),
    path("invoices/", invoices.invoice_list, name="invoice_list"),
    path("invoices/new/", invoices.invoice_create, name="invoice_create"),
    path("invoices/<int:pk>/", invoices.invoice_detail, name="invoice_detail"),
    path("invoices/<int:pk>/cancel/", invoices.invoice_cancel, name="invoice_cancel"),
    path("invoices/<int:pk>/dispute/", invoices.invoice_dispute, name="invoice_dispute"),
    path("invoices/<int:pk>/history/", invoices.invoice_history, name="invoice_history"),
    path("clients/<int:pk>/facts/", panels.client_facts, name="client_facts"),
    path("clients/<int:pk>/shipments/", panels.client_shipments, name="client_shipments"),
    path("clients/<int:pk>/invoices/", panels.client_invoices, name="client_invoices"),
    path("unassigned/", unassigned.unassigned_list, name="unassigned_list"),
    path("unassigned/<int:pk>/", unassigned.shipment_assign, name="shipment_assign"),
]
