"""Reads of plans, facts and target tasks."""
