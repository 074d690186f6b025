"""Retro bonuses: their base, the cap and the terms of the law on trade."""
