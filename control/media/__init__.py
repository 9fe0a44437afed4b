"""Outgoing media: from what a caller gave to one file in the spool and what WhatsApp needs to know about it."""
