"""One suite, two implementations: what is true in memory must be true on the real thing."""
