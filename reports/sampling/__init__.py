"""Samples of checks: drawn by a recorded seed, so that anybody gets the same rows again."""
