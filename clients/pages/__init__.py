"""What pages and panels show; they read, nothing else."""
