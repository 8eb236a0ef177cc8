"""The launcher: one machine, two private servers, every process of the suite, and nothing left behind."""
