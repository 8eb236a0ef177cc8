"""The sealer of a process."""

from __future__ import annotations

import os
from functools import cache

from shared.crypto.keys import Key
from shared.crypto.ring import FileRing
from shared.crypto.sealer import Sealer
from shared.settings import settings


@cache
def passing() -> Sealer:
    """A sealer whose keys die with this process: for stores in memory."""
    return Sealer({1: Key(id=1, cipher="sm4", secret=os.urandom(16))}, os.urandom(32))


@cache
def sealer() -> Sealer:
    """The sealer of this process, from the secrets `vault_key` and `index_key`.

    Raises BadKeys when one is missing or unusable: better no service than open fields.
    """
    return Sealer(FileRing(settings().secrets))
