"""Machines of accounts: asked for, approved, withdrawn."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.identity.handlers import keys
from services.identity.handlers.accounts import end_session, note, username_of
from services.identity.model.proof import STEP, Device, Step
from services.identity.rules import devices as rules
from services.identity.store import Stores
from shared.aggregate import Held
from shared.decision import Cause
from shared.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """The question for a machine's key, and the ticket under which the answer is expected."""

    ticket: str
    options: dict[str, Any]


def invite(stores: Stores, account: str, origin: str) -> Invitation:
    """Ask this machine for a key of its own."""
    challenge, ticket = secrets.token_bytes(32), secrets.token_urlsafe(24)
    step = Step(account=account, purpose="device", until=stores.desk() + STEP, challenge=challenge)
    stores.steps.put(ticket, step)
    known = [held.state.key_id for held in stores.devices.of(account) if held.state.kind == "webauthn"]
    options = keys.invitation(challenge, known, origin, username_of(stores, account))
    return Invitation(ticket=ticket, options=options)


def register(
    stores: Stores, account: str, ticket: str, credential: Mapping[str, Any], label: str, origin: str,
    cause: Cause,
) -> Held[Device]:  # fmt: skip
    """The machine that answered the question: registered if it is the first, else waiting for approval."""
    step = stores.steps.take(ticket)
    if step is None or step.purpose != "device" or step.account != account or stores.desk() >= step.until:
        raise Refused("登记已超时，请重新开始", code="second_step_over")
    key, public = keys.read(step.challenge, credential, origin)
    return ask(stores, account, "webauthn", key, public, label, cause)


def certify(stores: Stores, account: str, fingerprint: str, label: str, cause: Cause) -> Held[Device]:
    """The machine whose client certificate the front door has checked. Raises Refused when there is none."""
    if not fingerprint:
        raise Refused("没有收到客户端证书", code="no_certificate")
    return ask(stores, account, "certificate", fingerprint, b"", label, cause)


def ask(
    stores: Stores, account: str, kind: Any, key: str, public: bytes, label: str, cause: Cause
) -> Held[Device]:
    """A machine for an account."""
    region = stores.accounts.load(account).state.region
    first = not any(held.state.state == "active" for held in stores.devices.of(account))
    asked = Device(
        account=account, kind=kind, label=label, key_id=key, public_key=public, region=region,
        state="waiting", asked_at=cause.at,
    )  # fmt: skip
    id = keys.device_id(key)
    held = stores.devices.open(id, cause, lambda known: rules.ask(known, id, asked, first=first))
    note(stores, cause, "device_asked", account, result=held.state.state)
    return held


def approve(stores: Stores, id: str, cause: Cause) -> Held[Device]:
    """Register a waiting machine; those that it takes the place of are withdrawn (换绑)."""
    held = stores.devices.change(id, cause, lambda device: rules.approve(device, id, actor=cause.actor))
    account = held.state.account
    others = [(other.id, other.state) for other in stores.devices.of(account) if other.id != id]
    for old in rules.replaced(others, stores.policy.machines.per_account):
        _withdraw(stores, old, Cause(at=cause.at, actor=cause.actor), "replaced")
    note(stores, cause, "device_approved", account)
    return held


def refuse(stores: Stores, id: str, cause: Cause) -> Held[Device]:
    """Do not register a waiting machine."""
    held = stores.devices.change(id, cause, lambda device: rules.refuse(device, id, actor=cause.actor))
    note(stores, cause, "device_refused", held.state.account)
    return held


def withdraw(stores: Stores, id: str, cause: Cause, reason: str) -> Held[Device]:
    """The account may not be used on this machine any longer: lost, broken, handed on."""
    return _withdraw(stores, id, cause, reason)


def release(stores: Stores, account: str, cause: Cause) -> None:
    """Free the machines of an account that is closed."""
    for held in stores.devices.of(account):
        if held.state.state == "active":
            _withdraw(stores, held.id, Cause(at=cause.at, actor=cause.actor), "account_closed")


def _withdraw(stores: Stores, id: str, cause: Cause, reason: str) -> Held[Device]:
    held = stores.devices.change(
        id, cause, lambda device: rules.withdraw(device, id, actor=cause.actor, reason=reason)
    )
    end_session(stores, held.state.account, "device_withdrawn")  # it may be going on there
    note(stores, cause, "device_withdrawn", held.state.account)
    return held
