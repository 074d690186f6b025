"""Tables of claims, returns and escalations, one module per noun."""
