"""Claims against clients: what is owed with interest, its sheet, its way to the court."""
