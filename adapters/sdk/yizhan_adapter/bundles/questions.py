"""What a department asks the centre over HTTPS elsewhere, asked across a gate: fields of a case, its files.

A question crosses as an entry and the reply comes back as one, each sealed for the key of the other side:
names lie open neither in a folder nor in the memory of the centre's ferry. Replies are kept for a day, still
sealed, so that the same question after a crash has its answer; then they are forgotten.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from yizhan_adapter import files
from yizhan_adapter.bundles.coming import Came
from yizhan_adapter.bundles.gate import Gate
from yizhan_adapter.bundles.manifest import Entry
from yizhan_adapter.bundles.refusals import Refused
from yizhan_adapter.bundles.sealed import box, unbox
from yizhan_adapter.disclosures import NAMES, VAULT, Vault
from yizhan_adapter.errors import NeverPossible, TryLater

QUESTION, REPLY = "gate.question.v1", "gate.reply.v1"
ASKED = "asked across the gate"  # how the error of an ask begins that waits for a reply
KEPT = 86_400.0
LATER = 30.0
LARGEST = 16 * 1024 * 1024  # bytes of a file that crosses
FETCH = "FETCH"  # a file behind its own link, without a token


class GateVault(Vault):
    """The department's end: every request is a question, and the first answer to it is "later"."""

    def __init__(self, gate: Gate, department: str, basis: str = "") -> None:
        super().__init__("http://centre", department, str, basis)  # its office is never asked
        self.gate = gate

    def asked(self, method: str, path: str, body: Any = None, more: Mapping[str, str] | None = None) -> Any:
        return json.loads(self._across(method, path, body, more or {}))

    def fetched(self, address: str) -> bytes:
        return self._across(FETCH, files.path_of(address), None, {})

    def _across(self, method: str, path: str, body: Any, more: Mapping[str, str]) -> bytes:
        """The reply, if it has come. Raises NeverPossible when it is a refusal, TryLater until it is here."""
        asked = {"method": method, "path": path, "body": body, "more": dict(more)}
        text = json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()
        id = str(uuid.uuid5(NAMES, text.decode()))
        if found := self.gate.db.one("SELECT body FROM replies WHERE id = ?", id):
            return _read(unboxed(found, self.gate))
        sealed = box(text, self.gate.ring().recipient())
        self.gate.put(f"question:{id}", Entry(id=id, type=QUESTION, body=sealed), time.time())
        raise TryLater(f"{ASKED}: {method} {path.partition('?')[0]}")


def keep_reply(gate: Gate, came: Came) -> None:
    """A reply has come: kept as it is, for whoever asks the question again."""
    with gate.db.write():
        gate.db.do("INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", came.id, came.body, time.time())
        gate.db.do("DELETE FROM came WHERE n = ?", came.n)


def forget(gate: Gate) -> None:
    """Replies of yesterday: what was given was for the hand that asked."""
    gate.db.do("DELETE FROM replies WHERE at < ?", time.time() - KEPT)


def unboxed(body: bytes, gate: Gate) -> bytes:
    """What the other side wrote; raises TryLater when our key is gone: it comes again under another."""
    try:
        return unbox(body, gate.ring())
    except Refused as refused:
        raise TryLater(str(refused)) from refused


def _read(reply: bytes) -> bytes:
    how, _, answer = reply.partition(b"\n")
    if how != b"ok":
        raise NeverPossible(f"the centre refused: {answer.decode()}")
    return answer


# ── the centre's end ────────────────────────────────────────────────────────────────────────────


def keep_question(gate: Gate, came: Came) -> None:
    """A question has come: it waits beside the answers, so that it holds none of them up."""
    with gate.db.write():
        gate.db.do("INSERT OR REPLACE INTO questions VALUES (?, ?, 0)", came.id, came.body)
        gate.db.do("DELETE FROM came WHERE n = ?", came.n)


class Answering:
    """Asks the centre in the department's name, with its password and no more rights than it has."""

    def __init__(self, gate: Gate, vault: Vault | None) -> None:
        self.gate, self.vault = gate, vault

    def round(self) -> int:
        """Every question that is due; how many have a reply now."""
        sql = "SELECT id, body FROM questions WHERE next_at <= ? LIMIT 20"
        return sum(self._one(id, body) for id, body in self.gate.db.rows(sql, time.time()))

    def waiting(self) -> int:
        """Questions without a reply."""
        return int(self.gate.db.one("SELECT count(*) FROM questions"))

    def _one(self, id: str, body: bytes) -> bool:
        db = self.gate.db
        try:
            reply = b"ok\n" + self._answer(_question(unboxed(body, self.gate)))
        except TryLater:
            db.do("UPDATE questions SET next_at = ? WHERE id = ?", time.time() + LATER, id)
            return False
        except NeverPossible as error:
            reply = b"never\n" + str(error).encode()
        sealed = box(reply, self.gate.ring().recipient())
        with db.write():
            self.gate.going.put(f"reply:{id}", Entry(id=id, type=REPLY, body=sealed), time.time())
            db.do("DELETE FROM questions WHERE id = ?", id)
        return True

    def _answer(self, asked: Mapping[str, Any]) -> bytes:
        method, path = str(asked.get("method")), str(asked.get("path"))
        if self.vault is None:
            raise TryLater("YIZHAN_URL is missing at the gate")
        if ".." in path:
            raise NeverPossible("no such path")
        if method == FETCH and path.startswith("/intake/"):
            return _small_enough(self.vault.fetched(path))
        if (method, path) == ("POST", VAULT) or (method == "GET" and path.startswith("/intake/")):
            key = {name: str(value) for name, value in asked["more"].items() if name == "Idempotency-Key"}
            return json.dumps(self.vault.asked(method, path, asked.get("body"), key)).encode()
        raise NeverPossible(f"{method} {path} is no question that crosses")


def _question(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
        return dict(found) | {"more": dict(found.get("more") or {})}
    except (ValueError, TypeError, AttributeError) as error:
        raise NeverPossible("not a question") from error


def _small_enough(found: bytes) -> bytes:
    if len(found) > LARGEST:
        raise NeverPossible(f"a file of {len(found)} bytes is too large to cross")
    return found
