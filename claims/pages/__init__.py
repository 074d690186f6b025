"""What pages show, read for one person, one module per noun."""
