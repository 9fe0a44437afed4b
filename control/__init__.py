"""The control plane: who may do what, and what happens to it. See docs/architecture.md for the rooms."""
