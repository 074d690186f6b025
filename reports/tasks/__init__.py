"""Periodic work on plans, facts and target tasks, one module per subject."""
