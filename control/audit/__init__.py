"""Who did what, when, from where and with which result: kept for the operator, never with bodies or secrets."""
