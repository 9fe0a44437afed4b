"""How many requests somebody may make: by address, by failed sign-ins, by key, by tenant.

Read it in this order: policy.py (what a limit is), script.py (the decision, in Redis), shared.py (many decisions
in one round trip, and what happens without Redis), limiter.py (which limits a request meets).
"""
