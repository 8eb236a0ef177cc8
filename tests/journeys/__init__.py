"""Stories that go through several parts, told on a bus in memory."""
