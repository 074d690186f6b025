"""Originals and valuables given out to people, and their return (CR-11, L502)."""
