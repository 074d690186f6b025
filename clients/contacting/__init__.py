"""Contacts: norms, the plan and its progress, the next step."""
