"""What runs in the worker processes: everything that takes the bytes of strangers apart."""
