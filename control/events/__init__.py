"""Incoming events: from the bridge's journal into each tenant's durable log, every one exactly once."""
