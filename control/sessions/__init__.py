"""A WhatsApp number's life as the tenant sees it: start, QR code, status, stop, log out."""
