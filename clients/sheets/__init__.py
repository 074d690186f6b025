"""Registration sheets: the book of questions, what is known already, the history."""
