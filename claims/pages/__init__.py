"""What pages and panels of claims show; they read, nothing else."""
