"""What every installation starts with; people edit it."""
