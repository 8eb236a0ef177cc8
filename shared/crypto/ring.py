"""The key ring of a process: fixed for tests, or read from its files again whenever they have changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from shared.clock import now
from shared.crypto.keys import BadKeys, IndexKey, Key, read_index_keys, read_keys

log = logging.getLogger(__name__)

K = TypeVar("K", Key, IndexKey)
LOOK = 1.0  # seconds between two looks at the files


class Ring:
    """Keys by id; nothing is ever taken off while the process lives."""

    def __init__(self, sealing: Mapping[int, Key], index: Mapping[int, IndexKey]) -> None:
        if not sealing or not index:
            raise BadKeys("no key")
        self.sealing, self.index = dict(sealing), dict(index)

    def look(self, *, at_once: bool = False) -> None:
        """Take up keys that were added."""

    @property
    def current(self) -> Key:
        """What seals now: the highest id whose time has come."""
        self.look()
        return self.sealing[_newest(self.sealing)]

    @property
    def marking(self) -> IndexKey:
        """What marks now."""
        self.look()
        return self.index[_newest(self.index)]


def _newest(keys: Mapping[int, Key] | Mapping[int, IndexKey]) -> int:
    at = now().timestamp()
    come = [id for id, key in keys.items() if key.since <= at]
    return max(come or keys)


class FileRing(Ring):
    """The keys of two secret files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stamp: object = self._stamp()
        self.looked = time.monotonic()
        super().__init__(*self._read())

    def look(self, *, at_once: bool = False) -> None:
        """Take up what was added to the files; what does not fit is logged, and the old keys are kept."""
        if not at_once and time.monotonic() - self.looked < LOOK:
            return
        self.looked = time.monotonic()
        try:
            if (stamp := self._stamp()) != self.stamp:
                self._take_up(*self._read())
                self.stamp = stamp
        except BadKeys as error:
            log.error("the key files do not fit, old keys stay in use", extra={"fault": str(error)})

    def _take_up(self, sealing: Mapping[int, Key], index: Mapping[int, IndexKey]) -> None:
        _check_same(self.sealing, sealing, "vault_key", lambda key: key.check)
        _check_same(self.index, index, "index_key", lambda key: key.check)
        self.sealing |= sealing
        self.index |= index

    def _read(self) -> tuple[dict[int, Key], dict[int, IndexKey]]:
        try:
            sealing, index = ((self.folder / name).read_text() for name in ("vault_key", "index_key"))
        except OSError as error:
            raise BadKeys(f"vault_key 或 index_key 不在密钥目录 {self.folder} 中") from error
        return read_keys(sealing), read_index_keys(index)

    def _stamp(self) -> object:
        try:
            found = [(self.folder / name).stat() for name in ("vault_key", "index_key")]
        except OSError:
            return None
        return [(stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in found]


def _check_same(old: Mapping[int, K], new: Mapping[int, K], file: str, check: Callable[[K], str]) -> None:
    """Raises BadKeys when an id has another key than before."""
    for id in old.keys() & new.keys():
        if check(old[id]) != check(new[id]):
            raise BadKeys(f"{file}: key {id} is not the one it was")
