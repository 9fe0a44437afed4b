"""What is counted and measured, and how it is told to Prometheus. docs/metrics.md has every figure."""
