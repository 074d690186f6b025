"""Periodic work of claims, declared to `crm.work.periodic`, one module per subject."""
