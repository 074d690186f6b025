"""Pages of people, units, substitutions, the journal and the own profile."""
