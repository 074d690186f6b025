"""Addresses of clients; each noun has its section."""

from django.urls import URLPattern

app_name = "clients"

# Clients, people, outlets, needs, counterparties, hand-over.
client_urls: list[URLPattern] = []

# Contacts, the contact plan, approach schemes.
contact_urls: list[URLPattern] = []

# Categories.
category_urls: list[URLPattern] = []

urlpatterns: list[URLPattern] = [*client_urls, *contact_urls, *category_urls]
