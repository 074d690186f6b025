"""Pages of the decisions inbox and of the routes."""
