"""What narrows the registers of claims."""
