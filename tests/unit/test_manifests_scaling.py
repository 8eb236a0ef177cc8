"""What grows and shrinks on Kubernetes: workers by what waits for them, web processes by the processor."""

from __future__ import annotations

import ast
from importlib import import_module
from inspect import getmembers, isclass

import pytest

from shared.bus.names import BEATS
from shared.bus.worker import Worker
from tests.unit.deployed import OVERLAYS, ROOT, dashed, name_of, of_kind, planned

every_overlay = pytest.mark.parametrize("overlay", OVERLAYS)


@pytest.mark.parametrize("overlay", ["county", "province"])
def test_workers_are_scaled_by_what_waits_in_the_queues_they_hear(overlay: str) -> None:
    scaled = {name_of(one): one["spec"] for one in of_kind(overlay, "ScaledObject")}
    hearing = {dashed(process.name): process for process in planned("worker") if process.hears}

    assert scaled.keys() == hearing.keys()
    for name, process in hearing.items():
        triggers = [trigger["metadata"] for trigger in scaled[name]["triggers"]]
        asked = {(trigger["vhostName"], trigger["queueName"]) for trigger in triggers}
        assert asked == {("core", queue) for queue in process.hears} | at_the_edge(process.argv)
        assert scaled[name]["scaleTargetRef"] == {"name": name}


def at_the_edge(words: tuple[str, ...]) -> set[tuple[str, str]]:
    """The queues of the departments' side that these modules hear; no worker is started for a beat."""
    named = [word for word in words if word.startswith("services.")]
    modules = [name for name in named if (ROOT / f"{name.replace('.', '/')}.py").exists()]
    classes = [kind for name in modules for _, kind in getmembers(import_module(name), isclass)]
    listeners = [kind for kind in classes if issubclass(kind, Worker) and kind.vhost == "edge"]
    queues = {kind.__new__(kind).queue for kind in listeners} - {BEATS}
    return {("edge", queue) for queue in queues}


@pytest.mark.parametrize("overlay", ["county", "province"])
def test_every_trigger_asks_as_keda_wants_it(overlay: str) -> None:
    (access,) = of_kind(overlay, "TriggerAuthentication")
    asked = {"protocol": "http", "mode": "QueueLength", "excludeUnacknowledged": "true"}
    asked["value"] = str(2 * workers_in_hand())

    for one in of_kind(overlay, "ScaledObject"):
        spec = one["spec"]
        assert 1 <= spec["minReplicaCount"] < spec["maxReplicaCount"]  # at zero nobody would mind the clocks
        assert spec["cooldownPeriod"] > 90  # longer than a worker takes to end
        for trigger in spec["triggers"]:
            assert trigger["type"] == "rabbitmq"
            assert trigger["metadata"].keys() == asked.keys() | {"vhostName", "queueName"}
            assert asked.items() <= trigger["metadata"].items()
            assert trigger["authenticationRef"] == {"name": name_of(access)}
    assert access["spec"]["secretTargetRef"] == [
        {"parameter": "host", "name": "yizhan-servers", "key": "AMQP_API"}
    ]


def workers_in_hand() -> int:
    """shared.bus.run.WORKERS, read without importing it: that would patch this process."""
    tree = ast.parse((ROOT / "shared" / "bus" / "run.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WORKERS":
            return int(ast.literal_eval(node.value))
    raise AssertionError("no WORKERS in shared/bus/run.py")


@every_overlay
def test_web_processes_grow_with_the_processor_and_every_process_may_lose_one_at_a_time(overlay: str) -> None:
    growing = {one["spec"]["scaleTargetRef"]["name"] for one in of_kind(overlay, "HorizontalPodAutoscaler")}
    guarded = {name_of(one): one["spec"] for one in of_kind(overlay, "PodDisruptionBudget")}
    labels = {
        name_of(one): one["spec"]["template"]["metadata"]["labels"] for one in of_kind(overlay, "Deployment")
    }

    assert growing == {dashed(process.name) for process in planned("http")}
    assert guarded.keys() == {dashed(process.name) for process in planned("http", "worker")}
    assert all(spec["maxUnavailable"] == 1 for spec in guarded.values())
    assert all(
        spec["selector"]["matchLabels"].items() <= labels[name].items() for name, spec in guarded.items()
    )
