"""Where identity keeps what proves a person, and which sessions ended before their tokens did.

They are no aggregates: a counted wrong password tells nobody anything, and a password has no history. Each
change is one atomic operation of the database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db
from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.identity.model import ACCESS
from services.identity.model.proof import Credential


class Credentials(ABC):
    """What proves each account's person. Both kinds pass the same suite."""

    @abstractmethod
    def find(self, account: str) -> Credential | None:
        """The credential of an account."""

    @abstractmethod
    def create(self, account: str, credential: Credential) -> bool:
        """Keep the first credential of an account; False when it has one."""

    @abstractmethod
    def set_password(
        self, account: str, password: str, *, must_change: bool, at: datetime, earlier: tuple[str, ...] = ()
    ) -> None:
        """Another password; wrong ones before it are forgotten, those used before are remembered."""

    @abstractmethod
    def set_factor(self, account: str, totp: bytes, recovery: tuple[str, ...], step: int) -> None:
        """Another second factor and its sheet of codes; empty ones take it away."""

    @abstractmethod
    def use_step(self, account: str, step: int) -> bool:
        """Whether a code of this time step may be used: none of it or of a later one was."""

    @abstractmethod
    def use_recovery(self, account: str, mark: str) -> bool:
        """Strike a code off the sheet; False when it is not there (any longer)."""

    @abstractmethod
    def rested(self, account: str) -> int:
        """The account rests once more, its wrong passwords are forgotten; how often it rested before."""

    @abstractmethod
    def failed(self, account: str) -> int:
        """Count a wrong password; how many it are in a row now. 0 for an account without credential."""

    @abstractmethod
    def forgive(self, account: str) -> None:
        """Forget the wrong passwords, and how often the account rested."""

    @abstractmethod
    def admit(self, account: str, session: str) -> str:
        """This session is the account's only one from now on; returns the one that ended by it, or ''."""

    @abstractmethod
    def ended(self) -> list[str]:
        """Sessions that ended although tokens of them may still be about."""

    @abstractmethod
    def end_session(self, session: str) -> None:
        """Note that a session ended, whoever had it."""

    def end(self, account: str) -> str:
        """End the account's session, if it has one; returns it."""
        return self.admit(account, "")


class MongoCredentials(Credentials):
    """Credentials and ended sessions in the service's own database."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    @property
    def database(self) -> Database[dict[str, Any]]:
        """The service's database."""
        found: Database[dict[str, Any]] = get_db(self.alias)
        return found

    @property
    def collection(self) -> Collection[dict[str, Any]]:
        """One document an account."""
        return self.database["credentials"]

    def prepare(self) -> None:
        """Let the database forget ended sessions when no token of them can live any more."""
        life = int(ACCESS.total_seconds()) + 120
        self.database["ended_sessions"].create_index("at", expireAfterSeconds=life)

    def find(self, account: str) -> Credential | None:
        found = self.collection.find_one({"_id": account}, {"_id": 0})
        if found is None:
            return None
        known = Credential(**found)
        return replace(known, earlier=tuple(known.earlier), recovery=tuple(known.recovery))

    def create(self, account: str, credential: Credential) -> bool:
        try:
            self.collection.insert_one({"_id": account, **asdict(credential)})
        except DuplicateKeyError:
            return False
        return True

    def set_password(
        self, account: str, password: str, *, must_change: bool, at: datetime, earlier: tuple[str, ...] = ()
    ) -> None:
        values = {"password": password, "must_change": must_change, "changed_at": at, "failures": 0}
        self.collection.update_one({"_id": account}, {"$set": values | {"earlier": earlier}})

    def set_factor(self, account: str, totp: bytes, recovery: tuple[str, ...], step: int) -> None:
        values = {"totp": totp, "recovery": recovery, "totp_step": step}
        self.collection.update_one({"_id": account}, {"$set": values})

    def use_step(self, account: str, step: int) -> bool:
        unused = {"_id": account, "totp_step": {"$lt": step}}
        return self.collection.update_one(unused, {"$set": {"totp_step": step}}).matched_count == 1

    def use_recovery(self, account: str, mark: str) -> bool:
        there = {"_id": account, "recovery": mark}
        return self.collection.update_one(there, {"$pull": {"recovery": mark}}).modified_count == 1

    def rested(self, account: str) -> int:
        found = self.collection.find_one_and_update(
            {"_id": account}, {"$inc": {"locks": 1}, "$set": {"failures": 0}}
        )
        return int(found.get("locks", 0)) if found else 0

    def failed(self, account: str) -> int:
        found = self.collection.find_one_and_update(
            {"_id": account}, {"$inc": {"failures": 1}}, return_document=ReturnDocument.AFTER
        )
        return int(found["failures"]) if found else 0

    def forgive(self, account: str) -> None:
        self.collection.update_one({"_id": account}, {"$set": {"failures": 0, "locks": 0}})

    def admit(self, account: str, session: str) -> str:
        before = self.collection.find_one_and_update(
            {"_id": account},
            {"$set": {"session": session, "failures": 0} | ({"locks": 0} if session else {})},
        )
        ended = str(before.get("session", "")) if before else ""
        if ended and ended != session:
            self.end_session(ended)
        return ended

    def end_session(self, session: str) -> None:
        now = {"$currentDate": {"at": True}}  # real time, like the life of a token
        self.database["ended_sessions"].update_one({"_id": session}, now, upsert=True)

    def ended(self) -> list[str]:
        return [doc["_id"] for doc in self.database["ended_sessions"].find({}, {"_id": 1})]


class MemoryCredentials(Credentials):
    """The same in memory, for tests."""

    def __init__(self) -> None:
        self.kept: dict[str, Credential] = {}
        self.over: list[str] = []

    def find(self, account: str) -> Credential | None:
        return self.kept.get(account)

    def create(self, account: str, credential: Credential) -> bool:
        return self.kept.setdefault(account, credential) is credential

    def set_password(
        self, account: str, password: str, *, must_change: bool, at: datetime, earlier: tuple[str, ...] = ()
    ) -> None:
        values = {"password": password, "must_change": must_change, "changed_at": at, "earlier": earlier}
        self._change(account, failures=0, **values)

    def set_factor(self, account: str, totp: bytes, recovery: tuple[str, ...], step: int) -> None:
        self._change(account, totp=totp, recovery=recovery, totp_step=step)

    def use_step(self, account: str, step: int) -> bool:
        found = self.kept.get(account)
        if found is None or found.totp_step >= step:
            return False
        self._change(account, totp_step=step)
        return True

    def use_recovery(self, account: str, mark: str) -> bool:
        found = self.kept.get(account)
        if found is None or mark not in found.recovery:
            return False
        self._change(account, recovery=tuple(code for code in found.recovery if code != mark))
        return True

    def rested(self, account: str) -> int:
        before = self.kept.get(account)
        if before is None:
            return 0
        self._change(account, locks=before.locks + 1, failures=0)
        return before.locks

    def failed(self, account: str) -> int:
        found = self.kept.get(account)
        return self._change(account, failures=found.failures + 1).failures if found else 0

    def forgive(self, account: str) -> None:
        self._change(account, failures=0, locks=0)

    def admit(self, account: str, session: str) -> str:
        before = self.kept.get(account)
        if before is None:
            return ""
        self._change(account, session=session, failures=0, **({"locks": 0} if session else {}))
        if before.session and before.session != session:
            self.end_session(before.session)
        return before.session

    def end_session(self, session: str) -> None:
        if session not in self.over:
            self.over.append(session)

    def _change(self, account: str, **values: Any) -> Credential:
        self.kept[account] = replace(self.kept[account], **values)
        return self.kept[account]

    def ended(self) -> list[str]:
        return list(self.over)
