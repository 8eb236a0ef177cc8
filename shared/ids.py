"""Identifiers: time-ordered for what is new, derived for what must not be made twice."""

from __future__ import annotations

import secrets
import uuid

import uuid_utils

_OURS = uuid.UUID("6f2b1c1e-59ad-5c5c-9a53-0c8f6d1a7c11")
_QUERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads like something else


def new() -> str:
    """A UUIDv7: sorts by time of birth."""
    return str(uuid_utils.uuid7())


def derived(*parts: str) -> str:
    """The same parts give the same id, so that a repeated creation is recognised."""
    return str(uuid.uuid5(_OURS, "\x1f".join(parts)))


def query_code() -> str:
    """Ten characters a resident can read out; 31^10 possibilities."""
    return "".join(secrets.choice(_QUERY_ALPHABET) for _ in range(10))
