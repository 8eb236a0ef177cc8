"""Every address of every service is called with what its own description allows, and with what it does not.

`python -m tests.fuzz` (`make fuzz`) says how many answers were 5xx and how many were not as described.
"""
