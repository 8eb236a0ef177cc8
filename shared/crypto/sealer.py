"""Seals, opens and marks single fields with the keys of a ring."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag

from shared.crypto.keys import IndexKey, Key, derived
from shared.crypto.ring import Ring
from shared.errors import Unavailable

log = logging.getLogger(__name__)

_NONCE, _TAG = 12, 16
HEAD = 1 + _NONCE + _TAG


class Tampered(Unavailable):
    """A sealed field was changed, or belongs to another place. Nothing of it is shown or written again."""

    code = "sealed_field_damaged"

    def __init__(self, message: str = "保管库中的这项内容已损坏或被移动，无法打开，请联系管理员") -> None:
        super().__init__(message)


class Sealer:
    """Seals and opens single fields. New fields take the newest key; older keys only open."""

    def __init__(
        self, keys: Mapping[int, Key] | Ring, index_key: bytes | Mapping[int, IndexKey] = b""
    ) -> None:
        if not isinstance(keys, Ring):
            index = {1: IndexKey(id=1, secret=index_key)} if isinstance(index_key, bytes) else index_key
            keys = Ring(keys, index)
        self.ring = keys

    @property
    def current(self) -> Key:
        """The key that seals now."""
        return self.ring.current

    @property
    def marking(self) -> IndexKey:
        """The key that marks now."""
        return self.ring.marking

    def seal(self, text: str, *, owner: str, field: str) -> bytes:
        """The sealed form of a text that belongs to this field of this record."""
        return self.seal_bytes(text.encode(), owner=owner, field=field)

    def open(self, sealed: bytes, *, owner: str, field: str) -> str:
        """The text again.

        Raises Tampered when it was changed or moved, Unavailable when its key is not here.
        """
        return self.open_bytes(sealed, owner=owner, field=field).decode()

    def seal_bytes(self, data: bytes, *, owner: str, field: str) -> bytes:
        """The sealed form of bytes, for pieces of files."""
        key, nonce = self.current, os.urandom(_NONCE)
        encryptor = key.sealing(nonce).encryptor()
        encryptor.authenticate_additional_data(_place(owner, field))
        hidden = encryptor.update(data) + encryptor.finalize()
        return bytes([key.id]) + nonce + encryptor.tag + hidden

    def open_bytes(self, sealed: bytes, *, owner: str, field: str) -> bytes:
        """The bytes again; raises as `open` does."""
        if len(sealed) < HEAD:
            raise _damaged(owner, field, 0)
        decryptor = (
            self._key(sealed[0]).sealing(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : HEAD]).decryptor()
        )
        decryptor.authenticate_additional_data(_place(owner, field))
        try:
            return decryptor.update(sealed[HEAD:]) + decryptor.finalize()
        except InvalidTag as error:
            raise _damaged(owner, field, sealed[0]) from error

    def _key(self, id: int) -> Key:
        """The key with this id; one that is missing is looked for once more in the files."""
        if id not in self.ring.sealing:
            self.ring.look(at_once=True)
        if id not in self.ring.sealing:
            log.error("a sealing key is missing", extra={"key_id": id})
            said = f"保管库缺少解密所需的密钥（编号{id}），请联系管理员"
            raise Unavailable(said, code="sealing_key_missing", key_id=id)
        return self.ring.sealing[id]

    def aged(self, sealed: bytes) -> bool:
        """Whether an older key sealed it, so that a rotation must seal it again."""
        return sealed[0] != self.current.id

    def renewed(self, sealed: bytes, *, owner: str, field: str) -> bytes:
        """The same field under the newest key."""
        return self.seal_bytes(self.open_bytes(sealed, owner=owner, field=field), owner=owner, field=field)

    def blind_index(self, kind: str, value: str) -> str:
        """The mark to write: equal for equal values of one kind, and telling nothing else."""
        return self.marking.mark(kind, value)

    def blind_indexes(self, kind: str, value: str) -> tuple[str, ...]:
        """The marks to look for: under every key, because a rotation may be on its way."""
        self.ring.look()
        return tuple(key.mark(kind, value) for _, key in sorted(self.ring.index.items(), reverse=True))

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes of the marking key's, for one purpose and no other."""
        return derived(self.marking.secret, f"yizhan {purpose}", 32)

    def markers(self) -> tuple[Sealer, ...]:
        """One sealer for each key of the index, the newest first: for marks made of several values."""
        self.ring.look()
        return tuple(
            Sealer(Ring(self.ring.sealing, {id: key}))
            for id, key in sorted(self.ring.index.items(), reverse=True)
        )


def _damaged(owner: str, field: str, key_id: int) -> Tampered:
    log.error("a sealed field does not open", extra={"owner": owner, "field": field, "key_id": key_id})
    return Tampered()


def _place(owner: str, field: str) -> bytes:
    return f"{owner}\x1f{field}".encode()
