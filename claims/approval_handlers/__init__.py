"""How approvals move records of claims, with which evidence."""
