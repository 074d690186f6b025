"""Debts of clients: how old they are, how they are paid, until when they may be sued for."""
