"""Personal data: grounds to keep it, when it is due to go, how it is masked (152-FZ)."""
