"""Translation of the interface without the gettext programs: extract, merge, compile, check."""
