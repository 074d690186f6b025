"""Pages of claims: load the visible, check the form, act, render."""
