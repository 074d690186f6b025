"""Addresses of people, units, substitutions and the journal."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
