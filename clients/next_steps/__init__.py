"""Reasons of My day."""
