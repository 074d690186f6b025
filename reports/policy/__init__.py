"""Settings of plans, facts and dashboards, one module per subject."""
