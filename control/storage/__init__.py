"""Redis: the pool, the keys and the scripts. The only room that knows how Redis is spelled."""
