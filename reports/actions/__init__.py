"""Every write of plans and facts, one module per subject."""
