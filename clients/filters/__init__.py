"""Filters of registers; the figures of other pages link to them."""
