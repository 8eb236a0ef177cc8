"""Faults: real processes, real broker, real database, killed at the worst moment."""
