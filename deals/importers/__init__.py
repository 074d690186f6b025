"""Files with documents and money, one module per kind (CR-09)."""
