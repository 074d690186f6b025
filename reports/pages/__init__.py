"""What pages show; reads, nothing else."""
