"""Prices: what a change of them asks for, what bounds them, and the VAT in them."""
