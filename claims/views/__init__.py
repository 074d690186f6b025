"""Pages of claims, one module per noun."""
