"""Addresses of claims, one module per noun."""

from django.urls import URLPattern

app_name = "claims"
urlpatterns: list[URLPattern] = []
