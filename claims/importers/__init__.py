"""Files of claims, declared to crm.imports."""
