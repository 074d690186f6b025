"""Policy numbers of plans and reports: rows of the settings registry."""
