"""A mailbox read over IMAP, never written to."""
