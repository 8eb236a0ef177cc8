"""The table of processes: everything once in compact, everything by itself in apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local import environment
from deploy.local.home import CHECKOUT, Home
from deploy.local.offices import DEPARTMENTS, OFFICES, PLATFORMS
from deploy.local.plan import SERVICES, own_adapter, plan, ports_of, topology, with_own


def names(kind: str, profile: str, **counts: int) -> list[str]:
    processes = plan("apart" if profile == "apart" else "compact", counts)
    return [process.name for process in processes if process.kind == kind]


def test_compact_is_one_web_process_and_one_worker_for_all_services() -> None:
    http, worker = plan("compact")[:2]

    assert [word for word in http.argv if word.endswith(".api")] == [f"services.{s}.api" for s in SERVICES]
    assert [word for word in worker.argv if word.endswith(".worker")] == [
        f"services.{s}.worker" for s in SERVICES
    ]
    assert "shared.bus.parker" in worker.argv


def test_apart_runs_the_same_modules_each_in_its_own_process() -> None:
    def modules(profile: str) -> set[str]:
        processes = plan("apart" if profile == "apart" else "compact")
        return {word for p in processes for word in p.argv if word.startswith(("services.", "shared."))}

    assert modules("apart") == modules("compact")
    assert names("http", "apart") == [f"{service}.http" for service in SERVICES]
    assert names("worker", "apart") == [*(f"{service}.worker" for service in SERVICES), "parker"]


def test_replicas_are_numbered_from_the_second_on_and_the_front_door_knows_each() -> None:
    processes = plan("apart", {"routing": 3, "intake.http": 2})
    workers = [process.name for process in processes if process.name.startswith("routing.worker")]
    front = next(process for process in processes if process.kind == "front")

    assert workers == ["routing.worker", "routing.worker.2", "routing.worker.3"]
    assert [word for word in front.argv if word.startswith("intake=")] == [
        "intake={http_intake_1}",
        "intake={http_intake_2}",
    ]


def test_no_two_processes_share_a_name_or_a_port() -> None:
    processes = plan("apart", {"routing": 3, "grid.http": 2})
    ports = ports_of(processes)

    assert len({process.name for process in processes}) == len(processes)
    assert len(set(ports)) == len(ports)


def test_every_port_named_in_an_argument_belongs_to_a_process() -> None:
    processes = plan("apart", {"intake.http": 2})
    ports = dict.fromkeys(ports_of(processes), 1)

    filled = [word.format_map(ports) for process in processes for word in process.argv]

    assert not [word for word in filled if "{" in word]


def test_every_service_hears_its_inbox_in_both_profiles() -> None:
    for profile in ("compact", "apart"):
        heard = [q for p in plan("apart" if profile == "apart" else "compact") for q in p.hears]
        assert sorted(heard) == sorted(f"{service}.inbox" for service in SERVICES)


@pytest.mark.parametrize("counts", [{"court": 2}, {"routing": 0}, {"routing.worker": 2}])
def test_a_replica_count_for_nothing_is_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="is not <service>=<number>"):
        plan("apart", counts)


def test_compact_refuses_replicas() -> None:
    with pytest.raises(ValueError, match="profile apart"):
        plan("compact", {"routing": 2})


def test_each_department_has_a_simulator_before_its_adapter() -> None:
    order = [process.name for process in plan() if process.kind in ("simulator", "adapter")]

    assert order == [name for d in DEPARTMENTS for name in (f"{d}.simulator", f"{d}.adapter")]


def test_the_other_offices_of_a_county_share_one_process_of_simulators_and_one_of_adapters() -> None:
    named = {*DEPARTMENTS, "housing", "provincial_platform"}

    simulator, adapter = [process for process in plan(named=named) if process.name.startswith("offices.")]

    assert simulator.argv[2:4] == adapter.argv[3:5] == ("housing", "provincial_platform")
    assert adapter.environment["BACK_OFFICE_URL_HOUSING"] == "http://127.0.0.1:{simulator_offices}/housing"
    assert "BACK_OFFICE_URL_HOTLINE12345" not in adapter.environment
    assert len(plan(named=(*DEPARTMENTS, *OFFICES))) == len(plan()) + 2


def test_a_county_without_them_starts_none() -> None:
    assert not [process for process in plan() if process.name.startswith("offices.")]


def test_the_adapter_of_a_department_onboarded_here_is_given_what_its_file_says() -> None:
    process = own_adapter("forestry", {"BACK_OFFICE_URL": "http://127.0.0.1:1", "ADAPTER_SECRET": "x"})

    assert process.argv[:4] == ("-m", "yizhan_adapter", "run", "forestry")
    assert (process.name, process.environment["ADAPTER_SECRET"]) == ("forestry.adapter", "x")
    assert with_own(plan(), {"forestry": {}})[-1].name == "forestry.adapter"
    with pytest.raises(ValueError, match=r"court\.adapter"):
        with_own(plan(), {"court": {}})


def test_the_topology_job_names_every_worker() -> None:
    assert topology("apply")[3:] == tuple(f"services.{service}.worker" for service in SERVICES)


def test_the_files_of_departments_onboarded_here_say_how_their_adapters_are_started(tmp_path: Path) -> None:
    folder = tmp_path / "adapters"
    folder.mkdir()
    (folder / "forestry.env").write_text(
        "# 林业局\nBACK_OFFICE_URL=http://10.0.0.5:80\nADAPTER_SECRET='a b'\n"
    )

    found = environment.own_adapters(Home(root=tmp_path, var=tmp_path))

    assert found == {"forestry": {"BACK_OFFICE_URL": "http://10.0.0.5:80", "ADAPTER_SECRET": "a b"}}


def test_the_linked_county_names_fourteen_offices_and_the_first_county_three() -> None:
    linked = {"YIZHAN_PROFILE": "profiles/xx-county-linked.yaml"}

    assert set(environment.connected(CHECKOUT, linked)) == {*DEPARTMENTS, *OFFICES}
    assert set(environment.connected(CHECKOUT, {})) == set(DEPARTMENTS)
    assert set(environment.platforms(CHECKOUT, linked)) == set(PLATFORMS)
    assert environment.platforms(CHECKOUT, {}) == ()
