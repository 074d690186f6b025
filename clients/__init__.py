"""Clients: the client base, its people, categories, contacts and contact plans."""
