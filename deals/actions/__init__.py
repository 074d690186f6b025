"""Every write of documents and money, one module per noun."""
