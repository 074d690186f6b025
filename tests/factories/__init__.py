"""Plain functions that make rows with valid defaults, one module per app."""
