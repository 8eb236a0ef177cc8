"""Makes, tries and takes away a department's mailbox, every call safe to repeat (BUS b9, b10)."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests

from shared.bus.api import Management
from shared.bus.names import mailbox, outlet_of, trial_of
from shared.bus.topology import apply, faults
from shared.settings import settings

log = logging.getLogger(__name__)

SLOTS = ("a", "b")
MOST_LEFT = 10_000  # messages: a mailbox holds twice its window at most
REFRESH = 300.0  # seconds after which what is as it should be is made again all the same
SHUT = 30.0  # seconds after which users that should not be there are taken away once more
DEPLOYED = "deployed"  # instead of a hash: the password is a secret of the deployment


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the broker says of a mailbox; `fault` is empty when it is safe."""

    fault: str = ""
    dead: bool = False  # down for so long that it will not come back by itself
    consumers: int = 0
    messages: int = 0


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message that lies in a mailbox."""

    type: str
    event_id: str
    body: bytes

    @property
    def digest(self) -> str:
        """The same for the same bytes."""
        return hashlib.sha256(self.body).hexdigest()


class BrokerAway(Exception):
    """The management API does not answer as it should; try again later."""


class Mailboxes(Protocol):
    """What the provisioner needs of a broker. All raise BrokerAway."""

    def ensure(self, department: str, users: Mapping[str, str]) -> None:
        """The mailbox with its queues, rights and exactly these users: slot -> hash of the password."""

    def look(self, department: str) -> Look:
        """How it is now."""

    def age(self, department: str) -> float:
        """Seconds for which this process has seen it safe without a break."""

    def probe(self, department: str) -> bool:
        """Whether what is put into the sandbox comes out."""

    def rebuild(self, department: str) -> None:
        """Take away queues that the broker has lost, so that they can be made again."""

    def left_over(self, department: str) -> list[Letter]:
        """Shut its users out, and say what lies in its inbox, oldest first; it stays there."""

    def shut_out(self, department: str) -> None:
        """Take its users away, again and again: a new deployment makes those of the county's file anew."""

    def remove(self, department: str, saved: Collection[str]) -> bool:
        """Take everything away if all that lies in the inbox was saved, by digest; whether it is gone."""


def hashed(password: str, salt: bytes | None = None) -> str:
    """A password as the broker stores it: salted SHA-256 in base64."""
    salt = secrets.token_bytes(4) if salt is None else salt
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


class RealMailboxes:
    """The mailboxes of the broker whose management API the settings name."""

    def __init__(self, api: Management, vhost: str, patience: float = 30.0) -> None:
        self.api, self.vhost, self.patience = api, vhost, patience
        self.safe_since: dict[str, float] = {}
        self.down_since: dict[str, float] = {}
        self.made: dict[str, tuple[dict[str, str], float]] = {}
        self.shut_at: dict[str, float] = {}

    def ensure(self, department: str, users: Mapping[str, str]) -> None:
        made, at = self.made.get(department, ({}, 0.0))
        if made == users and department in self.made and time.monotonic() - at < REFRESH:
            return
        with _patient():
            apply(self.api, mailbox(department, self.vhost))
            for slot in SLOTS:
                self._user(department, slot, users.get(slot))
        self.made[department] = dict(users), time.monotonic()

    def _user(self, department: str, slot: str, password_hash: str | None) -> None:
        name = f"dept.{department}.{slot}"
        if password_hash is None:
            self.api.delete("users", name)  # which closes its connections at once
            return
        self.api.put("users", name, tags="", **_password(department, password_hash))
        rights = rf"^dept\.{department}\."
        self.api.put(
            "permissions", self.vhost, name,
            configure="^$", write=rf"{rights}(out|trial)$", read=rf"{rights}(inbox|sandbox)$",
        )  # fmt: skip
        self.api.put("user-limits", name, "max-connections", value=4)
        self.api.put("user-limits", name, "max-channels", value=16)

    def look(self, department: str) -> Look:
        with _patient():
            inbox = f"dept.{department}.inbox"
            wrong = list(
                faults(self.api, mailbox(department, self.vhost), (inbox, f"dept.{department}.sandbox"))
            )
            found: dict[str, Any] = self.api.get("queues", self.vhost, inbox) or {}
        _since(self.safe_since, department, holds=not wrong)
        if wrong:
            self.made.pop(department, None)  # it is made again in the next round
        down = _since(self.down_since, department, holds=any("no leader" in fault for fault in wrong))
        return Look(
            fault="; ".join(wrong),
            dead=down > self.patience,
            consumers=int(found.get("consumers", 0)),
            messages=int(found.get("messages", 0)),
        )

    def age(self, department: str) -> float:
        return time.monotonic() - self.safe_since.get(department, time.monotonic())

    def probe(self, department: str) -> bool:
        queue, token = f"dept.{department}.sandbox", secrets.token_hex(8)
        with _patient():
            routed = self.api.ask(
                "exchanges", self.vhost, "amq.default", "publish",
                properties={"delivery_mode": 2}, routing_key=queue, payload=token, payload_encoding="string",
            )  # fmt: skip
            got = self.api.ask(
                "queues", self.vhost, queue, "get",
                count=100, ackmode="ack_requeue_false", encoding="auto",
            )  # fmt: skip
        return bool(routed.get("routed")) and token in {str(message.get("payload")) for message in got}

    def rebuild(self, department: str) -> None:
        self.safe_since.pop(department, None)
        self.down_since.pop(department, None)
        self.made.pop(department, None)
        with _patient():
            for queue in (f"dept.{department}.inbox", f"dept.{department}.sandbox"):
                self.api.delete("queues", self.vhost, queue)

    def left_over(self, department: str) -> list[Letter]:
        """Asked of the queue itself: quorum queues know no if-empty, and figures come seconds late."""
        queue = f"dept.{department}.inbox"
        self._without_users(department)
        with _patient():
            if self.api.get("queues", self.vhost, queue) is None:
                return []
            about = {"count": MOST_LEFT, "ackmode": "reject_requeue_true", "encoding": "base64"}
            return [_letter(found) for found in self.api.ask("queues", self.vhost, queue, "get", **about)]

    def shut_out(self, department: str) -> None:
        if time.monotonic() - self.shut_at.get(department, -REFRESH) >= SHUT:
            self._without_users(department)
            self.shut_at[department] = time.monotonic()

    def _without_users(self, department: str) -> None:
        with _patient():
            for slot in SLOTS:
                self.api.delete("users", f"dept.{department}.{slot}")  # which closes its connections at once

    def remove(self, department: str, saved: Collection[str]) -> bool:
        inbox = f"dept.{department}.inbox"
        if any(letter.digest not in saved for letter in self.left_over(department)):
            return False
        with _patient():
            self.api.delete("queues", self.vhost, inbox)
            self.api.delete("queues", self.vhost, f"dept.{department}.sandbox")
            for exchange in (outlet_of(department), trial_of(department)):
                self.api.delete("exchanges", self.vhost, exchange)
        self.safe_since.pop(department, None)
        self.made.pop(department, None)
        return True


def _letter(found: Mapping[str, Any]) -> Letter:
    about = found.get("properties") or {}
    return Letter(
        type=str(about.get("type", "")),
        event_id=str(about.get("message_id", "")),
        body=base64.b64decode(found["payload"]) if found.get("payload_encoding") == "base64"
        else str(found["payload"]).encode(),
    )  # fmt: skip


def _since(marks: dict[str, float], department: str, *, holds: bool) -> float:
    """Seconds for which something has held; nothing when it does not hold now."""
    if not holds:
        marks.pop(department, None)
        return 0.0
    return time.monotonic() - marks.setdefault(department, time.monotonic())


def _password(department: str, password_hash: str) -> dict[str, str]:
    if password_hash == DEPLOYED:
        return {"password": settings().secret(f"dept_{department}")}
    return {"password_hash": password_hash}  # empty: nobody can sign in with a password


class _patient:
    """Every way in which the management API may fail, as one."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, requests.RequestException | RuntimeError | OSError | json.JSONDecodeError):
            raise BrokerAway(str(error)[:200]) from error


class MemoryMailboxes:
    """A broker in memory, for tests: what was made, and whatever the test says is wrong."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, str]] = {}
        self.looks: dict[str, Look] = {}
        self.ages: dict[str, float] = {}
        self.letters: dict[str, list[Letter]] = {}
        self.away = False
        self.calls: list[str] = []

    def ensure(self, department: str, users: Mapping[str, str]) -> None:
        self._called(f"ensure {department}")
        self.users[department] = dict(users)
        self.looks.setdefault(department, Look())

    def look(self, department: str) -> Look:
        self._called(f"look {department}")
        return self.looks.get(department, Look(fault="is missing"))

    def age(self, department: str) -> float:
        return self.ages.get(department, 60.0)

    def probe(self, department: str) -> bool:
        self._called(f"probe {department}")
        return not self.look(department).fault

    def rebuild(self, department: str) -> None:
        self._called(f"rebuild {department}")
        self.looks.pop(department, None)

    def left_over(self, department: str) -> list[Letter]:
        self._called(f"left_over {department}")
        self.users[department] = {}
        return list(self.letters.get(department, ()))

    def shut_out(self, department: str) -> None:
        self._called(f"shut_out {department}")
        self.users[department] = {}

    def remove(self, department: str, saved: Collection[str]) -> bool:
        self._called(f"remove {department}")
        if any(letter.digest not in saved for letter in self.left_over(department)):
            return False
        for kept in (self.users, self.looks, self.letters):
            kept.pop(department, None)
        return True

    def _called(self, what: str) -> None:
        if self.away:
            raise BrokerAway("away")
        self.calls.append(what)
