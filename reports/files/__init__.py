"""Files that are written for other programs or to be read in again."""
