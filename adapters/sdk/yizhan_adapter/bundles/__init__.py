"""Asks and answers as files: signed, encrypted bundles that a ferry carries between two closed networks.

Both sides of the gate run the same code: `Gate` numbers, seals, opens and heals, `folders` reads and writes
files. At the centre a ferry joins the gate to the department's mailbox, in the department's network a
crossing joins it to the adapter's own store. Why it is built so: docs/adr/closed-networks.md.
"""
