"""Addresses of clients; each noun has its section."""

from django.urls import URLPattern, path

from clients.views import categories

app_name = "clients"

# Clients, people, outlets, needs, counterparties, hand-over.
client_urls: list[URLPattern] = []

# Contacts, the contact plan, approach schemes.
contact_urls: list[URLPattern] = []

# Categories.
category_urls: list[URLPattern] = [
    path("<int:pk>/category/", categories.category_tab, name="category_tab"),
    path("<int:pk>/category/request/", categories.category_request, name="category_request"),
    path("<int:pk>/category/propose/", categories.category_propose, name="category_propose"),
    path("<int:pk>/category/assign/", categories.category_assign, name="category_assign"),
    path("<int:pk>/category/withdraw/", categories.category_withdraw, name="category_withdraw"),
]

urlpatterns: list[URLPattern] = [*client_urls, *contact_urls, *category_urls]
