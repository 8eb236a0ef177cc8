"""The Kubernetes manifests by themselves: valid, safe, and referring only to what exists."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.local.plan import SERVICES
from tests.unit.deployed import (
    K8S,
    OVERLAYS,
    PORTS,
    ROOT,
    WORKLOADS,
    adapters,
    dashed,
    limits,
    name_of,
    of_kind,
    planned,
    rendered,
)
from tests.unit.kustomized import Document, documents, files_of

VERSIONS = ("1.29", kubernetes_validate.latest_version())
BY_OPERATORS = {"ScaledObject", "TriggerAuthentication", "RabbitmqCluster", "MongoDBCommunity"}
MADE_BY_HAND = {
    "yizhan-keys",
    "yizhan-departments",
    "yizhan-platforms",
    "yizhan-servers",
    "yizhan-tls",
    "yizhan-mongo-password",
}

LIVING = ("livenessProbe", "startupProbe")
LARGEST = "32m"  # above the largest file that an import takes; the services are stricter, view by view

every_overlay = pytest.mark.parametrize("overlay", OVERLAYS)


def pods(overlay: str) -> Iterator[tuple[str, Document]]:
    """(name of the workload, its pod)"""
    for one in of_kind(overlay, *WORKLOADS):
        yield name_of(one), one["spec"]["template"]["spec"]


def valid(one: Document, version: str) -> None:
    """Raises ValidationError; unknown is only what the operators bring."""
    try:
        kubernetes_validate.validate(one, version, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        assert one["kind"] in BY_OPERATORS


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", ["base", *OVERLAYS])
def test_everything_rendered_is_valid(overlay: str, version: str) -> None:
    for one in rendered(overlay):
        valid(one, version)


def test_every_file_is_valid_before_it_is_rendered_and_none_is_forgotten() -> None:
    named = {file for overlay in OVERLAYS for file in files_of(K8S / "overlays" / overlay)}

    for file in named:
        for one in documents(file):
            valid(one, VERSIONS[0])

    apart = {"kustomization.yaml", *(shape.name for shape in (K8S / "base" / "shapes").iterdir())}
    assert named == {file for file in K8S.rglob("*.yaml") if file.name not in apart}


def test_a_wrong_type_or_an_unknown_field_would_not_pass() -> None:
    (budget, *_) = of_kind("base", "PodDisruptionBudget")

    mistakes: tuple[Document, ...] = ({"maxUnavailable": []}, {"maxUnavailible": 1})
    for wrong in mistakes:
        with pytest.raises(kubernetes_validate.ValidationError):
            valid({**budget, "spec": {**budget["spec"], **wrong}}, VERSIONS[0])


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="only compares with kubectl where there is one")
@pytest.mark.parametrize("overlay", ["base", *(f"overlays/{name}" for name in OVERLAYS)])
def test_kubectl_renders_the_same(overlay: str) -> None:
    printed = subprocess.run(
        ["kubectl", "kustomize", str(K8S / overlay)], capture_output=True, text=True, check=True
    )

    theirs = [one for one in yaml.safe_load_all(printed.stdout) if one]

    assert sorted(map(plainly, theirs)) == sorted(map(plainly, rendered(Path(overlay).name)))


def plainly(one: Any) -> str:
    """A document as text in which the order of items does not count."""
    if isinstance(one, dict):
        return str({name: plainly(one[name]) for name in sorted(one)})
    return str(sorted(map(plainly, one))) if isinstance(one, list) else repr(one)


@every_overlay
def test_every_address_of_a_service_leads_to_its_pods(overlay: str) -> None:
    for process in planned("http", copy=overlay):
        service = next(one for one in of_kind(overlay, "Service") if name_of(one) == dashed(process.name))
        pod = next(one for one in of_kind(overlay, "Deployment") if name_of(one) == dashed(process.name))
        (port,), (open_port,) = (
            service["spec"]["ports"],
            pod["spec"]["template"]["spec"]["containers"][0]["ports"],
        )

        assert service["spec"]["selector"].items() <= pod["spec"]["template"]["metadata"]["labels"].items()
        assert (port["port"], port["targetPort"]) == (PORTS["http"], open_port["name"])
        assert open_port["containerPort"] == PORTS["http"]


@every_overlay
def test_probes_and_monitoring_ask_the_pages_that_the_launcher_waits_for(overlay: str) -> None:
    found = {name_of(one): one["spec"]["template"] for one in of_kind(overlay, "Deployment", "StatefulSet")}

    for process in planned("http", "worker", "adapter", copy=overlay):
        (asked,) = process.ready
        template = found[dashed(process.name)]
        box, notes = template["spec"]["containers"][0], template["metadata"]["annotations"]
        ready, live = asked.replace("healthz", "readyz"), asked.replace("readyz", "healthz")
        assert box["readinessProbe"]["httpGet"]["path"] == ready
        assert {box[name]["httpGet"]["path"] for name in LIVING if name in box} == {live}
        assert box["readinessProbe"]["httpGet"]["port"] == box["ports"][0]["name"]
        assert notes["prometheus.io/path"] == ready.replace("readyz", "metrics")
        assert (
            notes["prometheus.io/port"] == str(PORTS[process.kind]) == str(box["ports"][0]["containerPort"])
        )


@every_overlay
def test_the_ingress_hands_every_service_its_paths(overlay: str) -> None:
    (ingress,) = of_kind(overlay, "Ingress")
    (rule,) = ingress["spec"]["rules"]

    paths = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}

    assert paths == {f"/{service}": f"{service}-http" for service in SERVICES} | {"/": "reporting-http"}
    assert ingress["spec"]["tls"][0]["hosts"] == [rule["host"]]
    notes = ingress["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/proxy-body-size"] == LARGEST


@every_overlay
def test_no_pod_runs_as_root_writes_on_its_image_or_knows_the_cluster(overlay: str) -> None:
    for name, pod in pods(overlay):
        (box,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 10_001, name
        assert box["securityContext"]["readOnlyRootFilesystem"], name
        assert not box["securityContext"]["allowPrivilegeEscalation"], name
        assert pod["automountServiceAccountToken"] is False, name
        assert box["resources"]["requests"]["cpu"] and box["resources"]["limits"]["memory"], name


@every_overlay
def test_nothing_refers_to_a_secret_or_a_setting_that_nobody_makes(overlay: str) -> None:
    text = str(rendered(overlay))
    maps = {name_of(one) for one in of_kind(overlay, "ConfigMap")}

    secrets = set(re.findall(r"'(?:secretKeyRef|secret)': \{'name': '([^']+)'", text))
    secrets |= set(re.findall(r"'secretName': '([^']+)'", text))

    assert secrets <= MADE_BY_HAND
    assert set(re.findall(r"'configMap(?:Key)?Ref': \{'name': '([^']+)'", text)) <= maps | {
        "yizhan-back-offices"
    }
    assert set(re.findall(r"yizhan-[a-z-]+", (K8S / "README.md").read_text())) >= MADE_BY_HAND


@every_overlay
def test_an_adapter_reaches_the_broker_and_its_own_department_only(overlay: str) -> None:
    rules = [one["spec"] for one in of_kind(overlay, "NetworkPolicy")]
    (everybody,) = [rule for rule in rules if rule["podSelector"] == {} and "egress" not in rule]
    adapter = [rule for rule in rules if "'adapter'" in str(rule["podSelector"])]

    ports = {port["port"] for rule in adapter for way in rule["egress"] for port in way["ports"]}

    assert everybody["policyTypes"] == ["Ingress", "Egress"]  # what no rule allows is refused
    assert ports - {8800} == {5672, 80, 443}
    assert (8800 in ports) == (overlay == "trial")
    assert "'monitoring'" in str([rule.get("ingress") for rule in adapter])
    assert {port["port"] for rule in adapter for way in rule.get("ingress", ()) for port in way["ports"]} == {
        9000
    }


def test_every_adapter_has_a_store_of_its_own_and_one_process() -> None:
    found = {name_of(one): one["spec"] for one in of_kind("trial", "StatefulSet")}

    assert found.keys() == adapters("trial").keys()
    assert found.keys() <= {name_of(one) for one in of_kind("trial", "Service")}
    for name, spec in found.items():
        assert (spec["replicas"], spec["serviceName"]) == (1, name)
        assert [claim["metadata"]["name"] for claim in spec["volumeClaimTemplates"]] == ["store"]


def test_the_brokers_have_three_nodes_and_the_limits_of_compose() -> None:
    (cluster,) = of_kind("county", "RabbitmqCluster")
    (database,) = of_kind("county", "MongoDBCommunity")
    wanted = limits((ROOT / "deploy" / "compose" / "rabbitmq.conf").read_text())

    assert limits(cluster["spec"]["rabbitmq"]["additionalConfig"]) == wanted
    assert cluster["spec"]["replicas"] == database["spec"]["members"] == 3
    assert [user["name"] for user in database["spec"]["users"]] == ["yizhan"]
