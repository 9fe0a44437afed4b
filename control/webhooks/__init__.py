"""Webhooks: from each tenant's event log to the customer's app, signed, in order, at least once."""
