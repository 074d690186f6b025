"""Periodic work, declared to `crm.work.periodic`, one module per subject."""
