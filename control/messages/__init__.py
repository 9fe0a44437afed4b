"""Outgoing messages: from a checked request to the bridge's outbox."""
