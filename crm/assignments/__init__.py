"""Work items: orders, instructions, requests, proposals and what became of them (CR-03)."""
