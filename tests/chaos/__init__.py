"""Fault tests with real processes: `make chaos`."""
