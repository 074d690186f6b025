"""Papers made by this app: their values, and the templates beside them."""
