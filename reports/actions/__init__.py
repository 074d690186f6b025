"""Writes of plans, facts and target tasks."""
