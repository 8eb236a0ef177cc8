"""Passwords: kept as argon2id, checked in the same time whether or not there is anything to check against."""

from __future__ import annotations

import hashlib
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0/o, 1/l/i: it is read from paper
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's figures for argon2id
_seats = threading.Semaphore(2)  # each takes 19 MiB and a core; more at once would let strangers fill both


def hashed(password: str) -> str:
    """The password as it may be kept."""
    with _seats:
        return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether the password is the kept one; with nothing kept, False, but no sooner."""
    with _seats:
        try:
            return _hasher.verify(kept or _nobodys(), password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def verifier(owner: str, password: str) -> str:
    """What proves a machine's password of 32 random bytes; it may be told and kept: nobody can guess back.

    Never for a password that a person chose.
    """
    return hashlib.sha256(f"yizhan machine|{owner}|{password}".encode()).hexdigest()


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex(16))


def one_time() -> str:
    """A first password to be read out and changed at the first sign-in."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
