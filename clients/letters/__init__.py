"""Letters: numbers, terms, makers, the mailbox."""
