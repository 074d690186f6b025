"""Every write of the client base, one module per noun."""
