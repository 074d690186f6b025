"""Addresses of documents and money; each noun has its section."""

from django.urls import URLPattern

app_name = "deals"

# Shipments, returns, invoices, products.
document_urls: list[URLPattern] = []

# Payments, their allocation, statements, own accounts.
payment_urls: list[URLPattern] = []

# Receivables, credit limits, stops of shipping, promises, follow-up.
receivable_urls: list[URLPattern] = []

# ABC analysis.
abc_urls: list[URLPattern] = []

# Exchange with 1C.
exchange_urls: list[URLPattern] = []

urlpatterns = [*document_urls, *payment_urls, *receivable_urls, *abc_urls, *exchange_urls]
