"""Several offices in one process: each finds its own system, its own store and its own user."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from yizhan_adapter import settings
from yizhan_adapter.__main__ import _parser, _work
from yizhan_adapter.errors import Misconfigured

GIVEN = {
    "AMQP_URL": "amqp://broker:5672",
    "YIZHAN_EDGE_VHOST": "edge",
    "BACK_OFFICE_URL_HOUSING": "http://offices/housing",
    "BACK_OFFICE_URL_COURT": "http://court",
    "ADAPTER_SECRET_HOUSING": "of-housing",
    "ADAPTER_SLOT_HOUSING": "b",
}


def given(folder: Path) -> dict[str, str]:
    return GIVEN | {"ADAPTER_FOLDER": str(folder), "ADAPTER_SECRET": "of-everybody"}


def test_each_office_reads_its_own_variables_and_what_is_common(tmp_path: Path) -> None:
    housing = settings.read("housing", settings.for_office("housing", given(tmp_path)))
    court = settings.read("court", settings.for_office("court", given(tmp_path)))

    assert (housing.back_office_url, court.back_office_url) == ("http://offices/housing", "http://court")
    assert housing.amqp_url == "amqp://dept.housing.b:of-housing@broker:5672/edge"
    assert court.amqp_url == "amqp://dept.court.a:of-everybody@broker:5672/edge"
    assert (housing.store, court.store) == (
        tmp_path / "adapter_housing.sqlite", tmp_path / "adapter_court.sqlite",
    )  # fmt: skip


def test_an_office_without_an_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="BACK_OFFICE_URL"):
        settings.read("police", settings.for_office("police", given(tmp_path)))


def test_one_command_runs_several() -> None:
    options: Any = _parser().parse_args(["run", "housing", "court", "--health", "127.0.0.1:9000"])

    assert (options.id, options.health) == (["housing", "court"], "127.0.0.1:9000")


def test_an_offices_own_program_runs_beside_its_adapter_only_where_the_centre_can_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADAPTER_FOLDER", str(tmp_path))  # the program's book lies beside the store
    alone = given(tmp_path) | {"BACK_OFFICE_URL": "http://127.0.0.1:9"}
    reachable = alone | {"YIZHAN_URL": "http://127.0.0.1:9", "YIZHAN_SECRETS": str(tmp_path)}

    assert _work("provincial_platform", alone).program() is None
    program = _work("provincial_platform", reachable).program()
    assert program is not None

    stop = Event()
    stop.set()
    thread = Thread(target=program.serve, args=(stop, 0.01))
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
