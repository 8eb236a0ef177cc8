"""What proves that it is the account's person: password, second factor, machine; and the session it opens.

Only a machine is an aggregate that others hear of. The rest is kept apart from the account and never in its
history: a wrong password tells nobody anything, and a secret has no past.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

STEP = timedelta(minutes=5)  # for the second step of signing in, or to confirm a new second factor
MISSES = 5  # wrong second steps before one starts again with the password
CODES = 10  # recovery codes of one sheet

Todo = Literal["", "password", "factor", "device", "training"]
"""What a person must do before the posts of the account are given: nothing, or one of these."""


@dataclass(frozen=True, kw_only=True)
class Credential:
    """The password and the second factor of one account."""

    password: str  # argon2id, never the password
    must_change: bool
    changed_at: datetime
    failures: int = 0
    session: str = ""
    locks: int = 0  # how often the account rested since somebody last signed in
    earlier: tuple[str, ...] = ()  # passwords before this one, the latest first
    totp: bytes = b""  # sealed
    totp_step: int = 0  # the last time step a code was used for: no code works twice
    recovery: tuple[str, ...] = ()  # hashes of the codes of the sheet that are still good


@dataclass(frozen=True, kw_only=True)
class Step:
    """Half a sign-in, or half an enrolment: what was proved already, and what the next proof answers."""

    account: str
    purpose: Literal["sign_in", "totp", "device", "oidc"]
    until: datetime
    challenge: bytes = b""
    misses: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Session:
    """One sign-in of one account: since when, from where, and when and why it ended."""

    id: str
    account: str
    started_at: datetime
    seen_at: datetime
    until: datetime
    machine: str = ""  # what the browser says it is
    address: str = ""
    proofs: tuple[str, ...] = ()
    ended_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Device:
    """A machine that an account may be used on: a key that never leaves it, or its certificate."""

    account: str
    kind: Literal["webauthn", "certificate"]
    label: str
    key_id: str
    public_key: bytes
    region: str
    state: Literal["waiting", "active", "refused", "withdrawn"]
    asked_at: datetime
    decided_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Where:
    """From which machine somebody asks."""

    machine: str = ""
    address: str = ""
    certificate: str = ""  # fingerprint of the client certificate that the front door has checked
    held: str = ""  # hash of the secret that only this browser or program holds
    origin: str = ""  # our own address as the browser knows it: a machine's key signs for this and no other


@dataclass(frozen=True, kw_only=True)
class Proofs:
    """What a person has proved of one sign-in."""

    password: bool = False
    factor: bool = False
    device: bool = False
    names: tuple[str, ...] = ()
