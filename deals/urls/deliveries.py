"""Delivery schedules."""

from django.urls import URLPattern, path

from deals.views import deliveries

urlpatterns: list[URLPattern] = [
    path("deliveries/", deliveries.delivery_list, name="delivery_list"),
    path("clients/<int:pk>/deliveries/", deliveries.delivery_client, name="delivery_client"),
    path(
        "clients/<int:pk>/deliveries/propose/",
        deliveries.delivery_propose,
        name="delivery_propose",
    ),
    path(
        "deliveries/<int:pk>/confirm/<slug:side>/",
        deliveries.delivery_confirm,
        name="delivery_confirm",
    ),
    path("deliveries/<int:pk>/refuse/", deliveries.delivery_refuse, name="delivery_refuse"),
]
