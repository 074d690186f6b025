"""Forms of claims."""
