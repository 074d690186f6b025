"""Registers of claims: columns, days that are left, ready views."""
