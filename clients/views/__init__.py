"""Pages and fragments of the client base, one module per noun."""
