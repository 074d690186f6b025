"""Every write of claims; an action locks, checks, writes and leaves history."""
