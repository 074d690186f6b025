"""How approvals move plans."""
