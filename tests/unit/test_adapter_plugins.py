"""Plug-ins: found by entry point, checked before use, small, importing only the SDK."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, get_args

import pytest

from shared.contracts import fields as kinds
from tests.toys.adapters import DEPARTMENTS, an_ask, entry_point
from yizhan_adapter import (
    Accepted,
    CodeTable,
    Concluded,
    NeverPossible,
    OfficeDown,
    Progressed,
    Returned,
    TryLater,
    UnknownCode,
    answers,
    check,
    fixtures,
    plugins,
    settings,
)
from yizhan_adapter.__main__ import main
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.office import refusal
from yizhan_adapter.plugins import Plugin

ADAPTERS = Path(__file__).parents[2] / "adapters"
LIMIT = 60  # lines of a plug-in


@pytest.fixture(params=DEPARTMENTS)
def plugin(request: pytest.FixtureRequest) -> Plugin:
    return plugins.load(entry_point(request.param))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path in which distributions may be installed."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def install(folder: Path, id: str, value: str) -> None:
    card = folder / f"adapter_{id}-1.0.dist-info"
    card.mkdir()
    (card / "METADATA").write_text(f"Metadata-Version: 2.1\nName: adapter-{id}\nVersion: 1.0\n")
    (card / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{id} = {value}\n")


def test_an_installed_adapter_is_found_by_its_department_and_no_list_is_edited(installed: Path) -> None:
    install(installed, "court", "yizhan_departments:court")

    found = plugins.find("court")

    assert found.manifest.id == "court"
    assert found.manifest.types == ("ask.handle_case.v1", "ask.report_case.v1", "ask.request_service.v1")


def test_a_department_without_an_adapter_is_named_together_with_those_there_are(installed: Path) -> None:
    install(installed, "toy", "nowhere:Toy")

    with pytest.raises(Misconfigured, match=r"'nobody'.*toy"):
        plugins.find("nobody")


def test_an_adapter_under_anothers_name_does_not_start() -> None:
    with pytest.raises(Misconfigured, match=r"'police'.*'court'"):
        plugins.load(EntryPoint("police", "yizhan_departments:court", plugins.GROUP))


def test_every_plug_in_is_sound(plugin: Plugin, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.report(plugin) == 0
    assert "sound" in capsys.readouterr().out


@pytest.mark.requirement("XI-13")
def test_a_department_is_a_folder_of_data_and_the_one_module_beside_them_is_short(plugin: Plugin) -> None:
    module = ADAPTERS / "departments" / "yizhan_departments" / "__init__.py"

    assert not [file for file in plugin.files.iterdir() if file.name.endswith(".py")]
    assert module.read_text().count("\n") <= LIMIT


def test_every_plug_in_shows_acceptance_return_conclusion_and_an_unknown_code(plugin: Plugin) -> None:
    shown = json.dumps([fixture for _, fixture in fixtures.fixtures(plugin)])

    for word in ('"accepted"', '"returned:', '"concluded:', '"UnknownCode"'):
        assert word in shown


def _imports(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                yield from ((file, name.name.partition(".")[0]) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield file, node.module.partition(".")[0]


OURS = {"shared", "services", "deploy", "tests"}
BROKER_AND_DATABASE = {"nameko", "kombu", "amqp", "eventlet", "pymongo", "mongoengine"}


def test_the_sdk_knows_pika_and_marshmallow_and_nothing_of_the_suite() -> None:
    found = {name for _, name in _imports(ADAPTERS / "sdk")}

    assert not found & (OURS | BROKER_AND_DATABASE)
    assert {"pika", "marshmallow"} <= found


def test_plug_ins_import_the_sdk_and_nothing_else_of_ours() -> None:
    found = {name for _, name in _imports(ADAPTERS / "departments")}

    assert not found & (OURS | BROKER_AND_DATABASE | {"pika", "yizhan_simulators"})
    assert {name for name in found if name.startswith("yizhan_")} <= {"yizhan_adapter"}


def test_a_simulator_imports_neither_an_adapter_nor_the_sdk() -> None:
    found = {name for _, name in _imports(ADAPTERS / "simulators")}

    assert not found & (OURS | BROKER_AND_DATABASE | {"pika"})
    assert {name for name in found if name.startswith("yizhan_")} == {"yizhan_simulators"}


def test_reasons_and_outcomes_are_those_of_the_contracts() -> None:
    assert get_args(kinds.ReturnReason) == answers.REASONS
    assert get_args(kinds.Outcome) == answers.OUTCOMES


@pytest.mark.parametrize(
    "said",
    [
        lambda: Returned("busy"),
        lambda: Concluded("won"),
        lambda: Progressed("谈话"),
        lambda: Progressed("Met Ms Wang"),
    ],
)
def test_what_is_no_code_of_ours_cannot_be_said(said: Any) -> None:
    with pytest.raises(NeverPossible):
        said()


def test_a_code_is_told_as_its_table_says() -> None:
    table = CodeTable("court", {"10": (Accepted(), "受理"), "01": (None, "已接收")})

    assert table.answer("10") == Accepted()
    assert table.answer("01") is None
    assert list(table.answers(iter(["01", "10"]))) == [Accepted()]


def test_an_unknown_code_is_an_error_that_names_the_code() -> None:
    table = CodeTable("court", {"10": (Accepted(), "受理")})

    with pytest.raises(UnknownCode, match="court has no code '77'"):
        table.answer("77")


def test_a_code_without_a_meaning_in_words_is_a_fault() -> None:
    assert CodeTable("court", {"10": (Accepted(), " ")}).faults() == ["code '10' has no meaning in words"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, OfficeDown), (503, OfficeDown), (500, TryLater), (409, TryLater), (400, NeverPossible)],
)
def test_a_refusal_says_whether_to_try_again(status: int, kind: type[Exception]) -> None:
    assert type(refusal(status, "GET /x")) is kind


def test_a_plug_in_that_does_something_else_than_was_recorded_is_found_out(plugin: Plugin) -> None:
    fixture = next(f for _, f in fixtures.fixtures(plugin) if f["method"] == "poll" and "answers" in f)

    with pytest.raises(fixtures.Mismatch, match="answers"):
        fixtures.play(plugin.make, plugin.manifest.id, fixture | {"answers": []})
    with pytest.raises(fixtures.Mismatch, match="not recorded"):
        fixtures.play(plugin.make, plugin.manifest.id, fixture | {"calls": []})
    with pytest.raises(fixtures.Mismatch, match="request"):
        fixtures.play(plugin.make, plugin.manifest.id, fixture | {"ask": {"delivery_id": "another"}})


def test_the_sample_ask_of_the_fixtures_is_a_whole_one(plugin: Plugin) -> None:
    assert {**fixtures.SAMPLE, "department": "court"}.keys() <= vars(an_ask()).keys()


def test_the_brokers_address_is_built_from_the_suites_variables(tmp_path: Path) -> None:
    (tmp_path / "dept_court").write_text("p/w\n")
    surroundings = {
        "AMQP_URL": "amqp://guest:guest@10.0.0.1:5673",
        "YIZHAN_SECRETS": str(tmp_path),
        "YIZHAN_EDGE_VHOST": "t/edge",
        "BACK_OFFICE_URL": "http://10.0.0.2",
    }

    found = settings.read("court", surroundings)

    assert found.amqp_url == "amqp://dept.court.a:p%2Fw@10.0.0.1:5673/t%2Fedge"
    assert found.store == tmp_path.parent / "adapter_court.sqlite"


def test_a_given_address_comes_first() -> None:
    given = {"ADAPTER_AMQP_URL": "amqps://dept.court.b:pw@broker/edge", "BACK_OFFICE_URL": "http://x"}

    assert settings.read("court", given).amqp_url == given["ADAPTER_AMQP_URL"]


@pytest.mark.parametrize("missing", ["BACK_OFFICE_URL", "AMQP_URL", "YIZHAN_SECRETS"])
def test_what_is_missing_is_named(missing: str, tmp_path: Path) -> None:
    given = {"AMQP_URL": "amqp://h", "YIZHAN_SECRETS": str(tmp_path), "BACK_OFFICE_URL": "http://x"}
    (tmp_path / "dept_court").write_text("pw")
    given[missing] = "" if missing != "YIZHAN_SECRETS" else str(tmp_path / "none")

    with pytest.raises(Misconfigured, match=r"BACK_OFFICE_URL|AMQP_URL|password"):
        settings.read("court", given)


def test_a_process_that_cannot_start_says_why_and_exits_with_78(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["run", "nobody"])

    assert status == 78
    assert "no adapter 'nobody'" in capsys.readouterr().err
