"""Pages for browsers: static files in rooms of their own, read at start and served as they are."""
