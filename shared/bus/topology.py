"""Applies the topology, and checks that it is safe before anybody consumes.

`python -m shared.bus.topology apply|doctor services.intake.worker …` is the deploy job; the bindings come
from the workers' own `@on` lines, the departments from the profile, so that no second list can disagree.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from shared.bus.api import Management
from shared.bus.names import Policy, Queue, User, Vhost, core, edge, is_outlet
from shared.bus.worker import Worker, load_workers
from shared.profile import profile
from shared.settings import settings

UNSAFE = 78  # EX_CONFIG: the supervisor shows it instead of looping


def wanted(workers: Sequence[Worker], departments: Sequence[str] | None = None) -> tuple[Vhost, Vhost]:
    """What must exist for these workers and departments; those of the profile with an adapter, by default."""
    divisor = settings().ladder_divisor
    listeners = [(w.queue, w.keys()) for w in workers if w.queue.endswith(".inbox")]
    connected = [d.id for d in profile().departments if d.adapter] if departments is None else departments
    return (
        replace(core(listeners, divisor), name=settings().core_vhost),
        replace(edge(connected, divisor), name=settings().edge_vhost),
    )


def apply(api: Management, vhost: Vhost) -> None:
    """Make a vhost as wanted: policies first, so that no queue is ever without them."""
    api.put("vhosts", vhost.name)
    me = api.session.auth[0]  # type: ignore[index]
    api.put("permissions", vhost.name, me, configure=".*", write=".*", read=".*")
    for policy in vhost.policies:
        _apply_policy(api, vhost.name, policy)
    for exchange in vhost.exchanges:
        arguments = {"alternate-exchange": exchange.alternate} if exchange.alternate else {}
        api.put("exchanges", vhost.name, exchange.name, type=exchange.kind, durable=True, arguments=arguments)
    for queue in vhost.queues:
        arguments = {"x-queue-type": queue.kind, **queue.arguments}
        api.put("queues", vhost.name, queue.name, durable=True, arguments=arguments)
        _bind(api, vhost.name, queue)
    for user in vhost.users:
        _apply_user(api, vhost.name, user)


def _apply_policy(api: Management, vhost: str, policy: Policy) -> None:
    # apply-to quorum_queues is refused before 3.12 (BUS b1)
    api.put(
        "policies", vhost, policy.name,
        **{"pattern": policy.pattern, "definition": policy.definition, "apply-to": "queues", "priority": 10},
    )  # fmt: skip


def _bind(api: Management, vhost: str, queue: Queue) -> None:
    found = api.get("queues", vhost, queue.name, "bindings") or []
    there = {(b["source"], b["routing_key"]): b["properties_key"] for b in found if b["source"]}
    for exchange, key in set(queue.bindings) - there.keys():
        api.post("bindings", vhost, "e", exchange, "q", queue.name, routing_key=key)
    for exchange, key in there.keys() - set(queue.bindings):
        if is_outlet(exchange):  # of a department that was connected at run time; it goes with its exchange
            continue
        api.delete("bindings", vhost, "e", exchange, "q", queue.name, there[exchange, key])


def _apply_user(api: Management, vhost: str, user: User) -> None:
    api.put("users", user.name, password=settings().secret(user.secret), tags="")
    api.put("permissions", vhost, user.name, configure="^$", write=user.write, read=user.read)
    api.put("user-limits", user.name, "max-connections", value=4)
    api.put("user-limits", user.name, "max-channels", value=16)


def faults(api: Management, vhost: Vhost, only: Sequence[str] = ()) -> Iterator[str]:
    """Everything that makes a vhost unsafe to consume from, in words. A passive declare would not tell."""
    for queue in vhost.queues:
        if only and queue.name not in only:
            continue
        yield from (f"{vhost.name}/{queue.name}: {fault}" for fault in _queue_faults(api, vhost, queue))


def _queue_faults(api: Management, vhost: Vhost, queue: Queue) -> Iterator[str]:
    found = api.get("queues", vhost.name, queue.name)
    if found is None:
        yield "is missing"
        return
    if found.get("type") != queue.kind:
        yield f"is {found.get('type')}, not {queue.kind}"
    if found.get("state") != "running" or (queue.kind == "quorum" and not found.get("leader")):
        yield f"is {found.get('state', 'unknown')} or has no leader"
    effective = found.get("effective_policy_definition") or {}
    yield from (f"lacks policy {k}={v}" for k, v in _policy_of(vhost, queue).items() if effective.get(k) != v)
    bindings = api.get("queues", vhost.name, queue.name, "bindings") or []
    there = {(b["source"], b["routing_key"]) for b in bindings}
    yield from (f"is not bound to {exchange} by {key}" for exchange, key in set(queue.bindings) - there)


def _policy_of(vhost: Vhost, queue: Queue) -> dict[str, Any]:
    import re

    return next((p.definition for p in vhost.policies if re.search(p.pattern, queue.name)), {})


def wait_until_safe(
    api: Management, vhost: Vhost, only: Sequence[str] = (), seconds: float = 60
) -> list[str]:
    """The faults that remain after a while: policies show only some seconds after a declare."""
    until = time.monotonic() + seconds
    while (found := list(faults(api, vhost, only))) and time.monotonic() < until:
        time.sleep(0.5)
    return found


def main(command: str, *modules: str) -> int:
    """`apply` makes the topology and waits until it is safe, `doctor` only looks."""
    api = Management(settings().amqp_api)
    vhosts = wanted(load_workers(modules))
    if command == "apply":
        for vhost in vhosts:
            apply(api, vhost)
    left = [
        fault
        for vhost in vhosts
        for fault in wait_until_safe(api, vhost, seconds=60 if command == "apply" else 0)
    ]
    sys.stderr.writelines(f"{fault}\n" for fault in left)
    return UNSAFE if left else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
