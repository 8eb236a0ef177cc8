"""What becomes of a message whose handler failed: a rule without I/O (BUS b7)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pymongo.errors import ConnectionFailure, OperationFailure, WTimeoutError

from shared.bus.names import RETURN, STEPS, TRIES
from shared.errors import InfrastructureDown, Malformed, Poison, Problem, Refused, Unavailable

Action = Literal["ack", "later", "park", "wait"]

CARRIED = ("traceparent", "x-first-failed")  # never the broker's x-death: versions disagree on it
DISCARDED = "x-discarded"
SHORT = 200
DISK_FULL = 14031


class HandlerTimeout(Exception):
    """The handler ran longer than its limit."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What to do with the message, and on which step of the ladder (None: at once)."""

    action: Action
    step: str | None = None
    attempt: int = 1
    error: str = ""


def outcome(error: BaseException | None, attempt: int) -> Outcome:
    """Acknowledge, try later, park, or wait for the database: decided by the kind of error."""
    if error is None:
        return Outcome(action="ack")
    if without_database(error):
        return Outcome(action="wait", attempt=attempt)
    if hopeless(error) or attempt >= TRIES:
        return Outcome(action="park", attempt=attempt, error=signature(error))
    return Outcome(action="later", step=STEPS[attempt - 1], attempt=attempt + 1, error=signature(error))


def without_database(error: BaseException) -> bool:
    """Whether it is nobody's fault: the database has no primary, does not answer, or has no room left."""
    if isinstance(error, OperationFailure) and error.code == DISK_FULL:
        return True
    return isinstance(error, InfrastructureDown | ConnectionFailure | WTimeoutError)


def hopeless(error: BaseException) -> bool:
    """Whether trying again can never help: a broken message, or a rule that says no."""
    if isinstance(error, Problem):
        return isinstance(error, Refused | Malformed) and not isinstance(error, Unavailable)
    return isinstance(error, Poison)


def signature(error: BaseException) -> str:
    """The class of an error and a hash of its text: it groups, and carries no text."""
    digest = hashlib.sha256(str(error).encode()).hexdigest()[:16]
    return f"{type(error).__name__}:{digest}"


def attempt_of(headers: Mapping[str, Any]) -> int:
    """Which try this is; our own header, because brokers disagree about theirs."""
    value = headers.get("x-attempt", 1)
    return value if isinstance(value, int) and 1 <= value <= TRIES else 1


def outlet(headers: Mapping[str, Any], exchange: str) -> str:
    """The exchange a message first came in through, which is who sent it.

    On its way back from the ladder or the park it comes through x.return, where nobody but us may publish:
    only there is our own note of it believed.
    """
    return str(headers.get("x-outlet", exchange)) if exchange == RETURN else exchange


def discarded(headers: Mapping[str, Any], exchange: str) -> bool:
    """Whether people discarded this message: believed only where nobody but us may publish."""
    return exchange == RETURN and DISCARDED in headers


def copied(headers: Mapping[str, Any], result: Outcome, now: str) -> dict[str, Any]:
    """The headers of the copy that goes down the ladder or to the park: ours only, so it is always taken."""
    kept = {
        name: value for name in CARRIED if isinstance(value := headers.get(name), str) and len(value) <= SHORT
    }
    first = str(kept.get("x-first-failed", now))
    return kept | {"x-attempt": result.attempt, "x-first-failed": first, "x-last-error": result.error}
