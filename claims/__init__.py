"""Claims: complaints, returns, escalations and claims against customers."""
