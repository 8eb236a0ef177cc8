"""The part of a profile that says how staff prove who they are: passwords, rest after wrong ones, sessions,
second factors, machines. A county that says nothing gets what the grade protection usually asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from marshmallow import validate

from shared.profile.shape import Basis, Count, Positive

Post = Annotated[str, validate.Regexp(r"^(\*|[a-z][a-z0-9_]*)$", error="写岗位代码，或用 * 表示所有人")]


@dataclass(frozen=True, kw_only=True)
class PasswordPolicy:
    """What a password must be, and for how long it may be used."""

    min_length: Positive = 10
    history: Count = 5  # so many earlier ones may not come again
    expires_days: Count = 90  # 0: never


@dataclass(frozen=True, kw_only=True)
class Lockout:
    """How an account rests after wrong passwords: longer each time, until somebody signs in."""

    failures: Positive = 5
    rest: timedelta = timedelta(minutes=15)
    factor: Positive = 2
    longest: timedelta = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class SessionLimits:
    """When somebody has to sign in again: after doing nothing, and in any case."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class SecondFactor:
    """Whose password alone is not enough; who has a second factor is always asked for it."""

    required_for: tuple[Post, ...] = ("sys_admin", "sec_admin", "audit_admin")


@dataclass(frozen=True, kw_only=True)
class Machines:
    """Whose account works on registered machines only, and on how many."""

    required_for: tuple[Post, ...] = ()
    per_account: Positive = 1


@dataclass(frozen=True, kw_only=True)
class Training:
    """Whose account opens only after a recorded training."""

    required_for: tuple[Post, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Security:
    """How staff prove who they are in this county."""

    passwords: PasswordPolicy = field(default_factory=PasswordPolicy)
    lockout: Lockout = field(default_factory=Lockout)
    sessions: SessionLimits = field(default_factory=SessionLimits)
    second_factor: SecondFactor = field(default_factory=SecondFactor)
    machines: Machines = field(default_factory=Machines)
    training: Training = field(default_factory=Training)
    basis: Basis = "设计默认：网络安全等级保护基本要求的常见做法"


def asked_of(roles: tuple[str, ...], posts: tuple[str, ...]) -> bool:
    """Whether a list of posts of the profile means somebody with these roles."""
    return "*" in posts or bool(set(roles) & set(posts))
