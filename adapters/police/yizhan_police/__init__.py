"""The police's adapter: hands cases to the linkage desk and turns its letters into answers."""
