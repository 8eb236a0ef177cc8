"""Simulators of other offices' systems: stand-ins for tests and demonstrations, never real systems.

Each keeps its own records and speaks its own field names and codes, as the systems of different
departments do. What becomes of a case depends only on its number, so that a run can be repeated.
"""
