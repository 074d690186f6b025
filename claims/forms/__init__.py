"""Forms of claims, one module per noun."""
