"""CommerceML 2.03–2.10 and 3.1: counterparties, documents and the catalogue of 1C (D.12.2)."""
