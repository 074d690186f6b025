"""Prefixes of the numbers that this app gives."""

CLAIM = "ПР"
RETURN = "ВТ"
