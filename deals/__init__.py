"""Deals: contracts, orders, shipments, invoices and payments."""
