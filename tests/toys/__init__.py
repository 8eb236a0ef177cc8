"""Two small services that only the tests know: one counts up and tells, one listens and keeps a tally."""
