"""What somebody must still prove before the posts of an account are theirs for this session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.identity.model import Account
from services.identity.model.proof import Credential, Device, Proofs, Session, Todo
from services.identity.rules import passwords
from shared.profile.security import Security, SessionLimits, asked_of


def enrolled(kept: Credential, devices: Iterable[Device]) -> tuple[str, ...]:
    """With what the person can prove more than the password: a code, a code of the sheet, a machine's key."""
    codes = ("totp", *(("recovery",) if kept.recovery else ())) if kept.totp else ()
    keys = any(d.state == "active" and d.kind == "webauthn" for d in devices)
    return (*codes, *(("webauthn",) if keys else ()))


def bound_machines(devices: Iterable[Device]) -> list[Device]:
    """The machines that the account may be used on."""
    return [device for device in devices if device.state == "active"]


def wanting(
    account: Account, kept: Credential, devices: list[Device], proofs: Proofs, policy: Security
) -> tuple[str, ...]:
    """The methods by which a sign-in can go on; none means that all is proved that can be proved.

    A machine's key proves the machine and counts as second factor; on an account that is bound to machines
    nothing else does.
    """
    methods = enrolled(kept, devices)
    machines = bound_machines(devices)
    if asked_of(account.roles, policy.machines.required_for) and machines and not proofs.device:
        return tuple(m for m in methods if m == "webauthn") or ("unregistered",)
    return () if proofs.factor else methods


def todo(
    account: Account,
    kept: Credential,
    devices: list[Device],
    session: Session,
    now: datetime,
    policy: Security,
) -> Todo:
    """What the person must set up before the posts are given: a password of their own first.

    Who comes by the county's single sign-on has proved themselves there, and needs no password of ours.
    """
    upstream = "oidc" in session.proofs
    if not upstream and (kept.must_change or passwords.expired(kept.changed_at, now, policy.passwords)):
        return "password"
    if asked_of(account.roles, policy.training.required_for) and not account.trained:
        return "training"
    machine = asked_of(account.roles, policy.machines.required_for)
    if machine and not bound_machines(devices):
        return "device"
    factor = asked_of(account.roles, policy.second_factor.required_for)
    return "factor" if factor and not enrolled(kept, devices) and "mfa" not in session.proofs else ""


def over(session: Session, now: datetime, limits: SessionLimits) -> str:
    """Why a session cannot go on, or nothing: it ended, nobody worked for long, or it lasted long enough."""
    if session.ended_at is not None:
        return "ended"
    if now >= session.until:
        return "absolute_limit"
    return "idle" if now >= session.seen_at + limits.idle else ""


def life(session: Session, now: datetime, limits: SessionLimits, longest: timedelta) -> timedelta:
    """How long the next token of a session holds."""
    return max(min(longest, limits.idle, session.until - now), timedelta(seconds=1))
