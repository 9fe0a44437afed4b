"""REST: HTTP in, HTTP out. What is asked for is decided here, what is done about it is not."""
