"""Reasons of My day that follow from claims."""
