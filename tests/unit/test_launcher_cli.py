"""The command line says plainly what runs and what does not, and takes in commands of other packages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.local import cli
from deploy.local.environment import departments, for_outsiders, record, recorded
from deploy.local.home import CHECKOUT, Home, here


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("YIZHAN_VAR", str(tmp_path / "var"))
    return here()


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, words)


def test_nothing_running_is_said_and_is_its_own_exit_code(home: Home) -> None:
    assert run("status").exit_code == 3
    assert "没有在运行" in run("down").output


def test_help_names_every_command_in_chinese(home: Home) -> None:
    output = run("--help").output

    assert all(command in output for command in ("up", "down", "status", "logs", "doctor", "topology"))
    assert "启动全部服务" in output


def test_a_command_of_a_package_that_is_not_there_is_left_out(home: Home) -> None:
    assert cli._load("nowhere.to.be.found:command") is None


def test_a_command_of_another_package_is_found_by_its_path(home: Home) -> None:
    found = cli._load("deploy.local.cli:doctor")

    assert found is cli.doctor


def test_replicas_are_read_as_numbers_and_nonsense_is_refused(home: Home) -> None:
    assert cli._counts(("routing=3", "intake.http=2")) == {"routing": 3, "intake.http": 2}
    assert run("up", "--profile", "apart", "--replicas", "routing=many").exit_code == 2


def test_replicas_in_the_compact_profile_are_refused_before_anything_starts(home: Home) -> None:
    result = run("up", "--replicas", "routing=2")

    assert result.exit_code == 2
    assert not home.broker.exists()


def test_logs_of_a_process_nobody_knows_is_an_error(home: Home) -> None:
    assert run("logs", "nobody").exit_code == 1


def test_doctor_finds_what_is_wrong_and_says_what_to_do(home: Home) -> None:
    result = run("doctor")

    assert result.exit_code == 1
    assert "没有启动" in result.output and "处理：make up" in result.output


def test_what_the_processes_were_given_is_kept_for_other_terminals_and_closed_to_others(home: Home) -> None:
    given = {
        "MONGO_URL": "m",
        "AMQP_URL": "a",
        "AMQP_API": "p",
        "BASE_URL": "b",
        "YIZHAN_CLOCK": "c",
        "HOME": "h",
    }

    record(home, given)

    assert recorded(home) == {name: value for name, value in given.items() if name != "HOME"}
    assert (home.var / "run" / "environment.json").stat().st_mode & 0o077 == 0


def test_a_department_gets_the_brokers_address_and_nobodys_password() -> None:
    complete = {
        "MONGO_URL": "m",
        "AMQP_URL": "amqp://yizhan:pw@127.0.0.1:5672",
        "AMQP_API": "p",
        "PATH": "/bin",
    }

    assert for_outsiders(complete) == {"AMQP_URL": "amqp://127.0.0.1:5672", "PATH": "/bin"}


def test_every_department_of_the_profile_is_known() -> None:
    assert {"court", "police", "judicial_bureau"} <= set(departments(CHECKOUT, {}))
    assert os.environ.get("YIZHAN_PROFILE") is None
