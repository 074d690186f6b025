"""Papers of claims: letters to clients."""
