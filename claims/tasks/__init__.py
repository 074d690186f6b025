"""Periodic work of claims."""
