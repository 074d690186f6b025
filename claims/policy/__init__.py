"""Policy numbers of claims, as rows of settings."""
