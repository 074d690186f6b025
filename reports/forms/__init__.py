"""Forms and what stands in the address of a page, one module per noun."""
