"""What the pages of claims show; they read, nothing else."""
