"""An installation as one encrypted file, made while everything runs, and back into an empty one."""
