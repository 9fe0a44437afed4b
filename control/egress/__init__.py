"""The way out to addresses that callers name: bounded, and unable to reach internal ones."""
