"""Promos: who takes part on what terms, and what they bring."""
