"""Tenants: who there is, what each may use and has used, whether it is suspended."""
