"""One file for each kind of terms."""
