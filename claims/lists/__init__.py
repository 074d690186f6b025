"""Registers of claims: columns and ready views."""
