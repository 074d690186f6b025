"""Registers: columns, filters and ready views, one module per noun."""
