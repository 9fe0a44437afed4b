"""Who is asking: from a credential to a Principal. Nobody is anybody without one."""
