"""One machine, one account 一机一账号: a machine belongs to one account, a further one waits for approval."""

from __future__ import annotations

from dataclasses import replace

from services.identity.model import ADMINS
from services.identity.model.proof import Device
from shared.contracts.access import DeviceBound, DeviceRefused, DeviceRequested, DeviceWithdrawn
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal, Refused

NEXT = {
    "waiting": {"active", "refused"},
    "active": {"withdrawn"},
    "refused": {"waiting"},
    "withdrawn": {"waiting"},
}
"""From each state of a machine to the next; one that was turned away may ask again."""


def ask(known: Device | None, id: str, asked: Device, *, first: bool) -> Decision[Device] | None:
    """A machine for an account: the first one counts at once, every other one waits for an administrator.

    Raises Refused when the machine belongs to another account.
    """
    if known is not None and known.account != asked.account:
        raise Refused("这台机器已登记给另一个账户，一机只能一账号", code="device_taken")
    if known is not None and "waiting" not in NEXT[known.state]:
        return None
    if first:
        return _told(replace(asked, state="active"), DeviceBound, id)
    return _told(replace(asked, state="waiting"), DeviceRequested, id)


def approve(device: Device, id: str, *, actor: Actor) -> Decision[Device]:
    """The machine is registered. Raises Forbidden for one's own, Illegal when it does not wait."""
    _decides(device, actor)
    _step(device, "active")
    return _told(replace(device, state="active", decided_by=actor.ref), DeviceBound, id)


def refuse(device: Device, id: str, *, actor: Actor) -> Decision[Device]:
    """The machine is not registered. Raises as `approve` does."""
    _decides(device, actor)
    _step(device, "refused")
    told = DeviceRefused(device_id=id, account_id=device.account)
    return Decision(
        state=replace(device, state="refused", decided_by=actor.ref), events=(told,), reason="device_refused"
    )


def withdraw(device: Device, id: str, *, actor: Actor, reason: str) -> Decision[Device]:
    """The account may not be used on this machine any longer. Raises Illegal when it may not already."""
    _step(device, "withdrawn")
    told = DeviceWithdrawn(device_id=id, account_id=device.account, reason=reason)
    after = replace(device, state="withdrawn", decided_by=actor.ref)
    return Decision(state=after, events=(told,), reason=reason)


def replaced(devices: list[tuple[str, Device]], allowed: int) -> list[str]:
    """The machines that make room for one more: those registered longest, beyond what an account may have."""
    active = sorted((d.asked_at, id) for id, d in devices if d.state == "active")
    return [id for _, id in active[: max(len(active) - allowed + 1, 0)]]


def check_withdrawal(device: Device, actor: Actor, roles: tuple[str, ...]) -> None:
    """Raises Forbidden unless it is one's own machine or a security administrator asks."""
    if device.account != actor.ref and "sec_admin" not in roles:
        raise Forbidden("只有本人或安全管理员可以解除登记", code="role_missing")


def _decides(device: Device, actor: Actor) -> None:
    if device.account == actor.ref:
        raise Forbidden("不能批准自己的机器", code="own_device")
    if actor.role not in ADMINS:
        raise Forbidden("您的岗位没有此项权限", code="role_missing")


def _step(device: Device, to: str) -> None:
    if to not in NEXT[device.state]:
        raise Illegal("这台机器现在不能这样处理", state=device.state, allowed=NEXT[device.state])


def _told(device: Device, event: type[DeviceBound] | type[DeviceRequested], id: str) -> Decision[Device]:
    told = event(device_id=id, account_id=device.account, kind=device.kind)
    return Decision(state=device, events=(told,), reason=f"device_{device.state}")
