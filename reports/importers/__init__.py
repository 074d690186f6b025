"""Files that fill tables of plans."""
