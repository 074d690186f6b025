"""Papers of reports."""
