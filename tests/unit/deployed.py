"""What docker compose and Kubernetes would start, in one form, beside what code and launcher say of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.container.views import views
from deploy.local.environment import departments
from deploy.local.offices import DEPARTMENTS, OFFICES, PLATFORMS
from deploy.local.plan import SERVICES, Process, plan
from tests.unit.kustomized import Document, render

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "deploy" / "k8s"
OVERLAYS = ("county", "province", "trial")
COPIES = ("compose", *OVERLAYS)
PORTS = {"http": 8700, "worker": 9000, "adapter": 9000, "simulator": 8800}
WORKLOADS = ("Deployment", "StatefulSet", "Job")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One process as a manifest describes it."""

    name: str
    image: str
    words: tuple[str, ...]  # after "python"
    variables: Mapping[str, str] = field(default_factory=dict)  # of the environment; a reference has its key
    secrets: frozenset[str] = frozenset()  # the files it can read
    grace: int = 0  # seconds between "please stop" and the end


LINKED = ("compose", "trial")  # the copies that show what profiles/xx-county-linked.yaml connects


@cache
def outside(copy: str = "compose") -> tuple[str, ...]:
    """The departments of a copy's county."""
    name = "xx-county-linked" if copy in LINKED else "xx-county"
    return departments(ROOT, {"YIZHAN_PROFILE": f"profiles/{name}.yaml"})


def offices(copy: str) -> tuple[str, ...]:
    """Those of them that have an adapter."""
    return (*DEPARTMENTS, *OFFICES) if copy in LINKED else DEPARTMENTS


def adapters(copy: str) -> dict[str, str]:
    """The adapters of a copy, and whose view of the secrets each has."""
    found = {f"{dashed(id)}-adapter": id for id in DEPARTMENTS}
    return found | ({"offices-adapter": "offices"} if copy in LINKED else {})


def dashed(name: str) -> str:
    """The launcher's name as a host name."""
    return name.replace(".", "-").replace("_", "-")


def planned(*kinds: str, copy: str = "compose") -> list[Process]:
    """The launcher's processes of these kinds, each by itself."""
    return [process for process in plan("apart", named=offices(copy)) if process.kind in kinds]


def words_of(process: Process) -> tuple[str, ...]:
    """The launcher's words as a container must have them: every address, and the port of the kind."""
    port = PORTS.get(process.kind)
    return tuple(re.sub(r"127\.0\.0\.1:\{\w+\}", f"0.0.0.0:{port}", word) for word in process.argv)


@cache
def compose() -> Document:
    """docker-compose.yml."""
    found: Document = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


@cache
def rendered(overlay: str) -> tuple[Document, ...]:
    """One overlay, or the base."""
    return tuple(render(K8S / "base" if overlay == "base" else K8S / "overlays" / overlay))


def name_of(one: Document) -> str:
    """How a document calls itself."""
    return str(one["metadata"]["name"])


def limits(text: str) -> dict[str, str]:
    """The `name = value` lines of a rabbitmq.conf, but for the addresses it listens on."""
    found = dict(re.findall(r"^([a-z][\w.]*) = (.+)$", text, re.MULTILINE))
    return {n: v for n, v in found.items() if not n.startswith(("listeners", "management", "prometheus"))}


def of_kind(overlay: str, *kinds: str) -> list[Document]:
    """The documents of some kinds."""
    return [one for one in rendered(overlay) if one["kind"] in kinds]


@cache
def seen(copy: str) -> dict[str, Seen]:
    """Every process of ours in one copy, by name."""
    found = _in_compose() if copy == "compose" else _in_kubernetes(copy)
    return {one.name: one for one in found}


def _in_compose() -> Iterator[Seen]:
    for name, service in compose()["services"].items():
        if service["image"].partition(":")[0] == "yizhan":
            yield Seen(
                name=name,
                image=service["image"],
                words=tuple(service["command"]),
                variables={key: str(value) for key, value in service.get("environment", {}).items()},
                secrets=_mounted(service.get("volumes", ())),
                grace=int(service.get("stop_grace_period", "10s").removesuffix("s")),
            )


def _mounted(volumes: Iterable[str]) -> frozenset[str]:
    places = [volume.split(":")[0] for volume in volumes if ":/run/secrets" in volume]
    return frozenset(name for place in places for name in views(outside())[place.rpartition("/")[2]])


def _in_kubernetes(overlay: str) -> Iterator[Seen]:
    settings = {one["metadata"]["name"]: one["data"] for one in of_kind(overlay, "ConfigMap")}
    for one in of_kind(overlay, *WORKLOADS):
        pod = one["spec"]["template"]["spec"]
        (box,) = pod["containers"]
        volumes = {volume["name"]: volume for volume in pod.get("volumes", ())}
        yield Seen(
            name=one["metadata"]["name"],
            image=box["image"],
            words=tuple(box["args"]),
            variables=_variables(box, settings),
            secrets=frozenset(_projected(volumes.get("secrets", {}), outside(overlay))),
            grace=pod.get("terminationGracePeriodSeconds", 30),
        )


def _variables(box: Document, settings: Mapping[str, Document]) -> dict[str, str]:
    found: dict[str, str] = {}
    for source in box.get("envFrom", ()):
        found |= settings[source["configMapRef"]["name"]]
    for one in box.get("env", ()):
        reference: Any = next(iter(one.get("valueFrom", {"": {}}).values()))
        found[one["name"]] = one.get("value", reference.get("key", ""))
    return found


def _projected(volume: Document, departments: tuple[str, ...]) -> Iterator[str]:
    sources = [source["secret"] for source in volume.get("projected", {}).get("sources", ())]
    if "secret" in volume:
        sources.append({**volume["secret"], "name": volume["secret"]["secretName"]})
    for source in sources:
        if "items" in source:
            assert all(item["key"] == item["path"] for item in source["items"]), "a secret under a false name"
            yield from (item["path"] for item in source["items"])
        elif source["name"] == "yizhan-platforms":
            yield from (f"service_{id}" for id in PLATFORMS if id in departments)
        else:
            assert source["name"] == "yizhan-departments", "only these secrets may be given whole"
            yield from (f"dept_{id}" for id in departments)


@cache
def read_by_code() -> frozenset[str]:
    """Names of environment variables that our processes read."""
    sources = [*(ROOT / "shared").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]
    found = {name for source in sources for name in _asked_for(ast.parse(source.read_text()))}
    return frozenset(found | {f"URL_{service.upper()}" for service in SERVICES if "URL_" in found})


def _asked_for(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args:
            first = call.args[0]
            first = first.values[0] if isinstance(first, ast.JoinedStr) and first.values else first
            name = first.value if isinstance(first, ast.Constant) else None
            if call.func.attr in ("get", "str", "int") and isinstance(name, str):
                yield from re.findall(r"^[A-Z][A-Z_]+$", name)
