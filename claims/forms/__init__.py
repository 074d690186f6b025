"""Forms of claims: what is typed, checked and handed to actions as plain values."""
