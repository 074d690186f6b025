"""E-mail that comes in: a folder of an IMAP server, and what one message says."""
