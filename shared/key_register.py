"""Which keys a database was written with: ids and check values, never keys. A lost key stops a start."""

from __future__ import annotations

from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database

from shared.clock import now
from shared.crypto import BadKeys, IndexKey, Key, Sealer

KNOWN = "vault_keys"
MEND = "请放回原来的密钥文件；没有改动任何数据"


def enrolled(box: Sealer, database: Database[dict[str, Any]]) -> Sealer:
    """The sealer, after its keys were compared with those that the database knows; new ones are noted.

    Raises BadKeys when a key was lost or is another one than before: nothing is then written over.
    """
    known = {doc["_id"]: doc for doc in database[KNOWN].find({"retired": {"$ne": True}})}
    for kind, keys in (("seal", box.ring.sealing), ("index", box.ring.index)):
        _check_all_here(kind, keys, known)
        for key in keys.values():
            _note(kind, key, database)
    return box


def _check_all_here(kind: str, keys: dict[int, Any], known: dict[str, Any]) -> None:
    missing = [id for id in _ids(kind, known) if id not in keys]
    if missing:
        raise BadKeys(f"{_file(kind)} 缺少密钥 {missing[0]}，库里还有用它写的内容。{MEND}")


def _ids(kind: str, known: dict[str, Any]) -> list[int]:
    return [int(id.partition("/")[2]) for id in known if id.startswith(f"{kind}/")]


def _note(kind: str, key: Key | IndexKey, database: Database[dict[str, Any]]) -> None:
    found = database[KNOWN].find_one_and_update(
        {"_id": f"{kind}/{key.id}"},
        {"$setOnInsert": {"check": key.check, "at": now()}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    if found and found["check"] != key.check:
        raise BadKeys(f"{_file(kind)} 中的密钥 {key.id} 不是写这个库时用的那一把。{MEND}")


def _file(kind: str) -> str:
    return "vault_key" if kind == "seal" else "index_key"
