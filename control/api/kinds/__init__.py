"""What callers may send: one model for each kind of message, with a sentence for each field that is wrong."""
