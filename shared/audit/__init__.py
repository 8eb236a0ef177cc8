"""Who looked, who changed, why: an audit trail in which no entry can be altered or left out unnoticed.

Every service writes its own chain in its own database, whatever number of processes it has. Each entry holds
the hash of the one before it, and its number is its key, so that two writers can never both append after the
same entry. A chain shows changes inside it by itself; that its end was cut off, or all of it written anew,
shows against anchors: heads that were written down outside the database while the chain grew.
"""

from shared.audit.entry import START, Digest, Entry, Head, read, sealed
from shared.audit.trail import MemoryTrail, MongoTrail, Trail, Wanted
from shared.audit.verifying import Break, verify

__all__ = [
    "START",
    "Break",
    "Digest",
    "Entry",
    "Head",
    "MemoryTrail",
    "MongoTrail",
    "Trail",
    "Wanted",
    "read",
    "sealed",
    "verify",
]
