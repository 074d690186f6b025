"""Prefixes of the numbers that this app gives."""

RETURN = "ВТ"
