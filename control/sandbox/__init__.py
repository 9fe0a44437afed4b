"""The sandbox as the dashboard uses it: a phone that scans, contacts that speak. Not with real WhatsApp."""
