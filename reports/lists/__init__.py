"""Registers of reports, one module per noun."""
