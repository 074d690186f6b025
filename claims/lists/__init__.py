"""Registers of claims."""
