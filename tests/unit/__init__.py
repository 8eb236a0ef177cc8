"""Tests that need nothing but Python: no broker, no database, no network."""
