"""The control plane: who may do what, and what happens to it. See docs/architecture.md for the rooms."""

__version__ = "0.1.0"
