"""Every way a request or a message can fail, and what the caller should do about it.

Problem                    something a person can read, with a code a program can read
├── Refused       422      a rule says no; nothing changed; trying again will not help
├── Malformed     400      the input cannot be understood
├── Unauthorised  401      no valid token
├── Forbidden     403      known, but not allowed to
├── NotFound      404      does not exist, or must look so (complaint secrecy)
├── Illegal       409      not possible in this state; says what is
├── Stale         412      somebody changed it since it was read
├── TooMany       429      too often in a short time; wait
└── Unavailable   503      something we need does not answer; try again later

Retry                      the message may succeed later: down the ladder
Poison                     the message can never succeed: park it at once
InfrastructureDown         the database or disk is gone: stop consuming, count no attempt
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Problem(Exception):
    """A refusal with a status, a code for programs and a sentence for people."""

    status = 500
    code = "problem"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, list[str]] | None = None,
        **details: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = dict(fields or {})
        self.details = details


class Malformed(Problem):
    """400: the input is not readable as what it claims to be."""

    status, code = 400, "malformed"


class Unauthorised(Problem):
    """401: no token, or one that is expired or forged."""

    status, code = 401, "unauthorised"


class Forbidden(Problem):
    """403: signed in, but the role or region does not allow it."""

    status, code = 403, "forbidden"


class NotFound(Problem):
    """404: not there, or not there for this reader."""

    status, code = 404, "not_found"


class Illegal(Problem):
    """409: the transition does not exist from this state; `allowed` lists those that do."""

    status, code = 409, "illegal_transition"

    def __init__(self, message: str, *, state: str, allowed: Iterable[str], code: str | None = None) -> None:
        super().__init__(message, code=code, state=state, allowed=sorted(allowed))


class Stale(Problem):
    """412: the version named in If-Match is no longer the current one."""

    status, code = 412, "stale_version"


class TooLarge(Problem):
    """413: the body is larger than the limit."""

    status, code = 413, "too_large"


class UnsupportedType(Problem):
    """415: the file or body is of a type we do not take."""

    status, code = 415, "unsupported_type"


class Refused(Problem):
    """422: a rule says no; `fields` names what to mend."""

    status, code = 422, "refused"


class TooMany(Problem):
    """429: too often in a short time; nothing was changed, wait a little."""

    status, code = 429, "too_many"


class Unavailable(Problem):
    """503: a dependency does not answer; nothing was changed."""

    status, code = 503, "unavailable"


class Retry(Exception):
    """The message may succeed later."""


class Poison(Exception):
    """The message can never succeed."""


class InfrastructureDown(Exception):
    """The database or the disk is gone; wait, do not count an attempt."""
