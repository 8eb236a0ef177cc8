"""docker-compose.yml by itself: valid, no default passwords, in the right order, behind one front door."""

from __future__ import annotations

import copy
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import ValidationError
from jsonschema.validators import validator_for

from deploy.container.env import owner_of, write
from deploy.container.secrets import hand_out
from deploy.container.views import NAMES, views
from deploy.local.broker import SETTINGS
from deploy.local.offices import DEPARTMENTS, OFFICES
from deploy.local.plan import AT_HOME, SERVICES
from shared.web.run import HOME
from tests.unit.deployed import ROOT, compose, dashed, limits, outside, planned
from tests.unit.kustomized import Document

JOBS = {"secrets", "replica-set", "topology"}


def services() -> dict[str, Document]:
    found: dict[str, Document] = compose()["services"]
    return found


def check(document: Any) -> None:
    schema = get_builtin_schema("vendor.compose-spec")
    validator_for(schema)(schema).validate(document)


def conditions(service: str) -> dict[str, str]:
    return {name: wait["condition"] for name, wait in services()[service].get("depends_on", {}).items()}


def test_the_file_is_valid_compose() -> None:
    check(compose())


def test_a_misspelt_key_would_not_pass() -> None:
    wrong = copy.deepcopy(compose())
    wrong["services"]["front"]["dependson"] = []

    with pytest.raises(ValidationError):
        check(wrong)


def test_no_password_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    uses = re.findall(r"\$\{(YIZHAN_(?:BROKER|MONGO)_PASSWORD[^}]*)\}", text)

    assert uses
    assert all(re.fullmatch(r"YIZHAN_\w+_PASSWORD:\?.+", use) for use in uses)
    assert not re.search(r"guest|password\s*[:=]\s*[a-z0-9]", text, re.IGNORECASE)


def test_nothing_of_ours_runs_as_root_or_writes_where_it_should_not() -> None:
    for name, service in services().items():
        if name not in ("rabbitmq", "mongo"):  # their images step down by themselves
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
            assert not service["user"].startswith("0"), name


def test_jobs_end_and_everything_else_has_a_health_check() -> None:
    for name, service in services().items():
        if name in JOBS:
            assert service["restart"] == "no", name
        else:
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"][0] == "CMD", name


def test_every_worker_waits_for_the_topology_and_that_for_the_servers() -> None:
    done, healthy = "service_completed_successfully", "service_healthy"

    assert all(conditions(dashed(w.name)) == {"topology": done} for w in planned("worker"))
    assert conditions("topology") == {"secrets": done, "replica-set": done, "rabbitmq": healthy}
    assert conditions("replica-set") == {"mongo": healthy}
    assert all(conditions(dashed(w.name))["replica-set"] == done for w in planned("http"))


def test_every_adapter_waits_for_its_own_simulator_and_asks_it() -> None:
    for id in DEPARTMENTS:
        name = f"{dashed(id)}-simulator"
        adapter = services()[f"{dashed(id)}-adapter"]

        assert conditions(f"{dashed(id)}-adapter")[name] == "service_healthy"
        assert adapter["environment"]["BACK_OFFICE_URL"] == f"http://{name}:8800"
    others = services()["offices-adapter"]
    assert conditions("offices-adapter")["offices-simulator"] == "service_healthy"
    for id in OFFICES:
        address = others["environment"][f"BACK_OFFICE_URL_{id.upper()}"]
        assert address == f"http://offices-simulator:8800/{id}"
    assert others["profiles"] == services()["offices-simulator"]["profiles"] == ["linked"]


def test_an_adapter_reaches_the_front_door_but_neither_database_nor_services() -> None:
    ids = (*DEPARTMENTS, "offices")
    for id in ids:
        assert services()[f"{dashed(id)}-adapter"]["networks"] == ["edge", "offices", "door"]

    inside = {name for name, one in services().items() if {"edge", "offices"} & set(one.get("networks", ()))}
    assert inside == {"rabbitmq", *(f"{dashed(id)}-{what}" for id in ids for what in WHAT)}
    behind = {name for name, one in services().items() if "door" in one.get("networks", ())}
    assert behind == {"front", *(f"{dashed(id)}-adapter" for id in ids)}


WHAT = ("adapter", "simulator")


def test_web_processes_do_not_reach_the_broker() -> None:
    for process in planned("http"):
        assert "bus" not in services()[dashed(process.name)]["networks"]


def test_the_front_door_knows_every_service_and_listens_on_this_machine_only() -> None:
    text = (ROOT / "deploy" / "compose" / "nginx.conf").read_text()
    front = services()["front"]

    (names,) = re.findall(r"location ~ \^/\(([a-z|]+)\)", text)
    (listens,) = re.findall(r"listen (\d+);", text)

    assert sorted(names.split("|")) == sorted(SERVICES)
    assert "proxy_pass http://$1-http:8700;" in text
    assert "client_max_body_size 32m;" in text  # as on Kubernetes
    assert front["ports"] == [f"${{YIZHAN_LISTEN:-127.0.0.1:8700}}:{listens}"]
    assert set(front["depends_on"]) == {f"{service}-http" for service in SERVICES}
    assert f"return 302 {HOME};" in text and HOME.startswith(f"/{AT_HOME}/")


def test_the_broker_has_the_limits_of_the_launchers_own_node() -> None:
    ours, theirs = limits(SETTINGS), limits((ROOT / "deploy" / "compose" / "rabbitmq.conf").read_text())

    different = {name for name in ours | theirs if ours.get(name) != theirs.get(name)}

    # its own definitions file; a setting of 3.x; and numbers as fresh as a start on one machine wants them
    assert different == {"load_definitions", "cluster_partition_handling", "collect_statistics_interval"}


def test_the_env_file_is_the_owners_only_and_keeps_passwords_and_foreign_lines(tmp_path: Path) -> None:
    first = write(tmp_path, (1000, 1000)).read_text()
    (tmp_path / ".env").write_text(first + "YIZHAN_LISTEN=0.0.0.0:80\n")

    file = write(tmp_path, (1000, 1000))

    assert file.read_text() == first + "YIZHAN_LISTEN=0.0.0.0:80\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {place.name for place in (tmp_path / "var" / "secrets" / "for").iterdir()} == set(NAMES)
    assert owner_of(0, 0) == (10_001, 10_001) and owner_of(1000, 100) == (1000, 100)


def test_secrets_are_handed_out_again_without_making_new_ones(tmp_path: Path) -> None:
    hand_out(tmp_path, outside())
    before = {file: file.read_text() for file in tmp_path.rglob("*") if file.is_file()}
    (tmp_path / "for" / "court" / "dept_police").write_text("left by an older version")

    hand_out(tmp_path, outside())

    assert {file: file.read_text() for file in tmp_path.rglob("*") if file.is_file()} == before
    assert {file.name for file in (tmp_path / "for" / "court").iterdir()} == {"dept_court"}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in before)


def test_every_view_is_mounted_by_the_process_it_is_made_for() -> None:
    mounts = [v for service in services().values() for v in service.get("volumes", ()) if "secrets/for" in v]

    assert {mount.split(":")[0].rpartition("/")[2] for mount in mounts} == set(views(outside()))
    assert all(mount.endswith(":ro") for mount in mounts)
