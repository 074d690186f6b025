"""The key rate of the Bank of Russia."""

from django.urls import URLPattern, path

from claims.views import key_rates

urlpatterns: list[URLPattern] = [
    path("key-rates/", key_rates.key_rates, name="key_rates"),
    path("key-rates/new/", key_rates.key_rate_add, name="key_rate_add"),
    path("key-rates/<int:pk>/remove/", key_rates.key_rate_remove, name="key_rate_remove"),
    path("key-rates/<int:pk>/history/", key_rates.key_rate_history, name="key_rate_history"),
]
