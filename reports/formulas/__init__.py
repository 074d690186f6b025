"""Arithmetic of plans, budgets and pay: numbers in, numbers out; knows no tables."""
