"""Days and months that plans, dashboards and reports are about."""
