"""Simulated platforms of other offices: separate servers that import no adapter and no SDK."""
