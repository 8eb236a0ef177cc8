"""Which processes run: plain data, for the launcher and for whoever compares manifests with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from deploy.local.offices import DEPARTMENTS, shared

Profile = Literal["compact", "apart"]
Kind = Literal["http", "worker", "adapter", "simulator", "front"]

SERVICES = ("identity", "intake", "routing", "mediation", "petition", "grid", "reporting")
PARKER = "shared.bus.parker"
AT_HOME = "reporting"  # knows where to send somebody who asks for nothing in particular


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process: the words after ``python``, and how one sees that it works.

    ``{name}`` in a word or in a value of the environment stands for the port of that name.
    """

    name: str
    kind: Kind
    argv: tuple[str, ...]
    port: str | None = None  # the name of the port it listens on
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: tuple[str, ...] = ()  # paths that answer 200 when it works
    hears: tuple[str, ...] = ()  # queues of the core virtual host that it consumes
    needs: tuple[str, ...] = ()  # modules without which there is nothing to start


def plan(
    profile: Profile = "compact",
    replicas: Mapping[str, int] | None = None,
    named: Collection[str] = DEPARTMENTS,
) -> list[Process]:
    """The processes of a profile, in the order of their start.

    ``named`` are the offices that the county's profile connects by an adapter.

    ``replicas`` (profile apart only) counts workers by service, and HTTP processes by ``<service>.http``;
    raises ValueError for a name that is neither, or for less than one.
    """
    counts = dict(replicas or {})
    _check(profile, counts)
    return [*(_compact() if profile == "compact" else _apart(counts)), *_departments(named), *_offices(named)]


def ports_of(processes: list[Process]) -> list[str]:
    """The names of the ports that these processes listen on."""
    return [process.port for process in processes if process.port is not None]


def topology(command: Literal["apply", "doctor"]) -> tuple[str, ...]:
    """The words after ``python`` that apply or check exchanges, queues, bindings and policies."""
    return ("-m", "shared.bus.topology", command, *(f"services.{service}.worker" for service in SERVICES))


def _check(profile: Profile, counts: Mapping[str, int]) -> None:
    known = {*SERVICES, *(f"{service}.http" for service in SERVICES)}
    if counts and profile == "compact":
        raise ValueError("the compact profile has one process of each kind; replicas need the profile apart")
    for name, number in counts.items():
        if name not in known or number < 1:
            raise ValueError(
                f"replicas: {name}={number} is not <service>=<number> or <service>.http=<number>"
            )


def _compact() -> list[Process]:
    return [_http("http", SERVICES, port="http"), _work("worker", SERVICES, parker=True, port="worker")]


def _apart(counts: Mapping[str, int]) -> Iterator[Process]:
    """A process per service and role; one front door makes them look like one address."""
    routes = []
    for service in SERVICES:
        for number in range(1, counts.get(f"{service}.http", 1) + 1):
            port = f"http_{service}_{number}"
            routes.append(f"{service}={{{port}}}")
            yield _http(_numbered(f"{service}.http", number), (service,), port=port)
        for number in range(1, counts.get(service, 1) + 1):
            name = _numbered(f"{service}.worker", number)
            yield _work(name, (service,), port=f"worker_{service}_{number}")
    yield _work("parker", (), parker=True, port="worker_parker")
    routes.sort(key=lambda route: not route.startswith(AT_HOME))  # the first one is the front's default
    yield Process(
        name="front", kind="front", argv=("-m", "deploy.local.front", "{http}", *routes), port="http"
    )


def _http(name: str, services: tuple[str, ...], *, port: str) -> Process:
    apis = tuple(f"services.{service}.api" for service in services)
    return Process(
        name=name,
        kind="http",
        argv=("-m", "shared.web.run", *apis, "--bind", f"127.0.0.1:{{{port}}}", "--threads", "8"),
        port=port,
        ready=tuple(f"/{service}/readyz" for service in services),
        needs=("shared.web.run", *apis),
    )


def _work(name: str, services: tuple[str, ...], *, parker: bool = False, port: str) -> Process:
    modules = (*(f"services.{service}.worker" for service in services), *((PARKER,) if parker else ()))
    return Process(
        name=name,
        kind="worker",
        argv=("-m", "shared.bus.run", *modules, "--health", f"127.0.0.1:{{{port}}}"),
        port=port,
        ready=("/readyz",),
        hears=tuple(f"{service}.inbox" for service in services),
        needs=("shared.bus.run", *modules),
    )


def _departments(named: Collection[str]) -> Iterator[Process]:
    """The departments of every county: a pretend system of its own, and the adapter before it."""
    for department in (id for id in DEPARTMENTS if id in named):
        port, page = f"simulator_{department}", f"adapter_{department}"
        yield Process(
            name=f"{department}.simulator",
            kind="simulator",
            argv=("-m", "yizhan_simulators", department, "--bind", f"127.0.0.1:{{{port}}}"),
            port=port,
            ready=("/healthz",),
            needs=("yizhan_simulators",),
        )
        yield Process(
            name=f"{department}.adapter",
            kind="adapter",
            argv=("-m", "yizhan_adapter", "run", department, "--health", f"127.0.0.1:{{{page}}}"),
            port=page,
            ready=("/healthz",),  # connected it is later, when the topology has made its user
            environment={"BACK_OFFICE_URL": f"http://127.0.0.1:{{{port}}}", "ADAPTER_POLL_S": "1"},
            needs=("yizhan_adapter", "yizhan_departments"),
        )


def _offices(named: Collection[str]) -> Iterator[Process]:
    """All other offices of the county: one process of pretend systems, one of the adapters before them."""
    ids = shared(named)
    if not ids:
        return
    pretended = "http://127.0.0.1:{simulator_offices}"
    addresses = {f"BACK_OFFICE_URL_{id.upper()}": f"{pretended}/{id}" for id in ids}
    yield Process(
        name="offices.simulator",
        kind="simulator",
        argv=("-m", "yizhan_simulators", *ids, "--bind", "127.0.0.1:{simulator_offices}"),
        port="simulator_offices",
        ready=("/healthz",),
        needs=("yizhan_simulators",),
    )
    yield Process(
        name="offices.adapter",
        kind="adapter",
        argv=("-m", "yizhan_adapter", "run", *ids, "--health", "127.0.0.1:{adapter_offices}"),
        port="adapter_offices",
        ready=("/healthz",),
        environment=addresses | {"ADAPTER_POLL_S": "1"},
        needs=("yizhan_adapter", "yizhan_departments"),
    )


def with_own(planned: list[Process], own: Mapping[str, Mapping[str, str]]) -> list[Process]:
    """The plan and the adapters of var/adapters; raises ValueError for one that the plan starts already."""
    names = {process.name for process in planned}
    added = [own_adapter(id, environment) for id, environment in own.items()]
    if twice := [process.name for process in added if process.name in names]:
        raise ValueError(f"var/adapters：{'、'.join(twice)} 已由本县的配置启动")
    return [*planned, *added]


def own_adapter(id: str, environment: Mapping[str, str]) -> Process:
    """The adapter of a department that was onboarded while this copy ran, named in var/adapters."""
    page = f"adapter_{id}"
    return Process(
        name=f"{id}.adapter",
        kind="adapter",
        argv=("-m", "yizhan_adapter", "run", id, "--health", f"127.0.0.1:{{{page}}}"),
        port=page,
        ready=("/healthz",),
        environment=environment,
        needs=("yizhan_adapter",),
    )


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}.{number}"
