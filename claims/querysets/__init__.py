"""Reads of claims; every one that a person causes starts with `visible_to`."""
