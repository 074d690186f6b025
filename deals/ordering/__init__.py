"""Orders before they are written: goods, prices, whether they may be confirmed and when they go."""
