"""Thresholds of this app: every one is a row of the settings."""
