"""Exchange with 1C."""

from django.urls import URLPattern, path

from deals.views import exchange, exchange_keys

urlpatterns: list[URLPattern] = [
    path("exchange/1c/", exchange.exchange_1c, name="exchange_1c"),
    path("exchange/keys/", exchange_keys.key_list, name="exchange_key_list"),
    path("exchange/keys/new/", exchange_keys.key_create, name="exchange_key_create"),
    path("exchange/keys/<int:pk>/revoke/", exchange_keys.key_revoke, name="exchange_key_revoke"),
]
