"""The ABC analysis (ABC-1, D.4)."""
