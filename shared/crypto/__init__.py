"""Names, numbers and texts are written sealed: each field by itself, bound to the place it belongs to.

A sealed field is `key id (1) | nonce (12) | tag (16) | ciphertext`, SM4-GCM unless its key says AES. Who
copies it into another record or another field cannot open it there. To find a number again without opening
anything there is a blind index: a keyed SM3 that only a holder of the index key can make (COR-29).
"""

from shared.crypto.keys import BadKeys, IndexKey, Key, read_index_keys, read_keys
from shared.crypto.process import passing, sealer
from shared.crypto.sealer import Sealer, Tampered

__all__ = [
    "BadKeys",
    "IndexKey",
    "Key",
    "Sealer",
    "Tampered",
    "passing",
    "read_index_keys",
    "read_keys",
    "sealer",
]
