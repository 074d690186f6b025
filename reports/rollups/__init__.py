"""SQL of the facts: one way of counting them for rollups, reports and pages."""
