"""Conditions of a client: terms of payment, discounts, and who may grant and sign them."""
