"""Views of claims, one module per noun."""
