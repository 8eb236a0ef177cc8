"""The 12345 hotline."""
