"""Categories: what the figures suggest, what a category brings, who is unpromising."""
