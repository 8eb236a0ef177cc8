"""One aggregate is one document, and every change of it is one write (ADR 0001).

That write holds the new state, the history entry, the events to tell, and the mark that the message or
request was handled. `store.change` is load, decide, save; the rule in the middle is pure.
"""

from shared.aggregate.held import Held
from shared.aggregate.memory import MemoryStore
from shared.aggregate.mongo import AggregateDocument, MongoStore
from shared.aggregate.store import Store

__all__ = ["AggregateDocument", "Held", "MemoryStore", "MongoStore", "Store"]
