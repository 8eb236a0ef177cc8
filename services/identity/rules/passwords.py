"""Passwords: what a good one is, when it is too old, and how long an account rests after wrong ones."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from itertools import pairwise

from services.identity.model import PASSWORD_LONGEST
from shared.errors import Refused
from shared.profile.security import Lockout, PasswordPolicy

KINDS = 5  # different characters that a password has at least
FORBIDDEN = frozenset({
    "password", "passw0rd", "qwerty", "qwertyuiop", "asdfgh", "zxcvbn", "iloveyou", "admin", "administrator",
    "letmein", "welcome", "abc", "abcd", "woaini", "yizhan", "mima", "1q2w3e", "1qaz2wsx",
})  # fmt: skip


def normal(password: str) -> str:
    """A password as it is compared: what one keyboard composes is what another one types (RFC 8265)."""
    spaces = "".join(" " if unicodedata.category(char) == "Zs" else char for char in password)
    return unicodedata.normalize("NFC", spaces)


def check(username: str, password: str, policy: PasswordPolicy, field: str = "password") -> None:
    """Raises Refused with everything that is wrong with a new password."""
    faults = list(_faults(username, normal(password), policy))
    if faults:
        raise Refused("密码不符合要求", code="weak_password", fields={field: faults})


def _faults(username: str, password: str, policy: PasswordPolicy) -> list[str]:
    folded = password.casefold()
    plain = "".join(char for char in folded if char.isalnum())
    said = {
        f"至少 {policy.min_length} 个字符": len(password) < policy.min_length,
        f"至多 {PASSWORD_LONGEST} 个字符": len(password) > PASSWORD_LONGEST,
        "不能包含用户名": bool(username) and username.casefold() in folded,
        "太简单，至少要有五种不同的字符": len(set(password)) < KINDS,
        "不能是连续的字符": _in_a_row(plain),
        "太常见，容易被猜到": plain.strip("0123456789") in FORBIDDEN,
        "不能有看不见的控制字符": any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in password),
    }
    return [sentence for sentence, wrong in said.items() if wrong]


def _in_a_row(plain: str) -> bool:
    """`1234567890`, `abcdefghij` and the same backwards; one at the end may start again (90, za)."""
    steps = [ord(after) - ord(before) for before, after in pairwise(plain)]
    return len(steps) > 3 and any(sum(step == way for step in steps) >= len(steps) - 1 for way in (1, -1))


def expired(changed_at: datetime, now: datetime, policy: PasswordPolicy) -> bool:
    """Whether a password is too old to be used for anything but changing it."""
    return bool(policy.expires_days) and now >= changed_at + timedelta(days=policy.expires_days)


def too_many(failures: int, policy: Lockout) -> bool:
    """Whether so many wrong proofs in a row make the account rest."""
    return failures >= policy.failures


def rest(locks: int, policy: Lockout) -> timedelta:
    """How long an account rests that rested so many times since somebody last signed in."""
    length = policy.rest
    for _ in range(locks):
        length = min(length * policy.factor, policy.longest)
    return min(length, policy.longest)
