"""Tests of the search for personal data: the quick twin of `make privacy`."""
