"""What events look like to those who receive them, as models: the source of the published JSON Schemas and types.

Nothing is built from these while events flow (see envelope.py); tests hold every event to them.
"""
