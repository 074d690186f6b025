"""Whose money came and what it pays."""
