"""Six digits of an authenticator, and the codes of the sheet for when the telephone is lost."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

import pyotp

SECONDS = 30  # of one code
DRIFT = 1  # codes before and after the present one that count: telephones are not always on time
DIGITS = re.compile(r"[0-9]{6}")


def step_of(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The time step a code belongs to, if it is right and later than the last one used; else None."""
    digits = code.replace(" ", "")
    if not DIGITS.fullmatch(digits):
        return None
    present = int(now.timestamp()) // SECONDS
    totp = pyotp.TOTP(secret)
    steps = range(max(present - DRIFT, after + 1), present + DRIFT + 1)
    return next((step for step in steps if totp.at(step * SECONDS) == digits), None)


def address(secret: str, username: str, issuer: str) -> str:
    """What an authenticator reads from the square picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def mark(code: str) -> str:
    """How a code of the sheet is kept: it has 60 random bits, so that a plain hash is enough."""
    letters = "".join(char for char in code.casefold() if char.isalnum())
    return hashlib.sha256(f"recovery|{letters}".encode()).hexdigest()
