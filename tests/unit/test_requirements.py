"""The trace tool tells proved from claimed, and a test run refuses ids that nobody knows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.requirements import (
    MOST_PER_TEST,
    RECORDS,
    SERVICES,
    TABLE,
    Outcome,
    Row,
    complaints,
    latest,
    main,
    marked,
    proved,
    read_rows,
    read_runs,
    still_there,
    summary,
    unclaimed,
    unproved,
    write_rows,
    write_run,
)

ROOT = Path(__file__).parents[2]


def a_row(name: str, *, state: str = "open", kind: str = "requirement", service: str = "intake") -> Row:
    return Row(id=name, kind=kind, service=service, statement=f"{name}, holds.", issue=4, state=state)


def passed(*ids: str) -> Outcome:
    return Outcome(ids=ids, passed=True)


def failed(*ids: str) -> Outcome:
    return Outcome(ids=ids, passed=False)


def a_checkout(folder: Path, *rows: Row, test: str = "") -> Path:
    (folder / TABLE).parent.mkdir(parents=True)
    write_rows(folder / TABLE, rows)
    (folder / "test_it.py").write_text(test)
    return folder


def pytest_in(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:pytest_nameko", "-p", "no:cacheprovider",
         "-p", "tests.requirements_plugin", "-W", "ignore", "--rootdir", str(folder), str(folder)],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_trace_holds_every_requirement_correction_and_family_once() -> None:
    rows = read_rows(ROOT / TABLE)

    kinds = Counter(row.kind for row in rows)

    assert kinds == {"requirement": 362, "correction": 30, "family": 23}
    assert len({row.id for row in rows}) == len({row.statement for row in rows}) == 415


def test_every_row_of_the_trace_can_be_checked_and_has_a_home() -> None:
    rows = read_rows(ROOT / TABLE)

    odd = [row.id for row in rows if row.service not in SERVICES or row.state not in {"open", "done"}]
    long = [row.id for row in rows if not 10 < len(row.statement) <= 140 or not row.statement.isascii()]
    lost = [row.id for row in rows if row.issue not in range(2, 10)]

    assert (odd, long, lost) == ([], [], [])


def test_writing_the_trace_back_changes_no_byte(tmp_path: Path) -> None:
    copy = tmp_path / "requirements.csv"

    write_rows(copy, read_rows(ROOT / TABLE))

    assert copy.read_bytes() == (ROOT / TABLE).read_bytes()


def test_a_test_may_name_three_ids_and_no_more() -> None:
    known = {"IN-01", "IN-02", "IN-03", "IN-04"}

    four = list(complaints("t", ("IN-01", "IN-02", "IN-03", "IN-04"), known))

    assert list(complaints("t", ("IN-01", "IN-02", "IN-03"), known)) == []
    assert len(four) == 1 and f"at most {MOST_PER_TEST}" in four[0]


def test_a_test_may_not_name_an_id_that_the_trace_does_not_know() -> None:
    said = list(complaints("tests/x.py::test_y", ("IN-99",), {"IN-01"}))

    assert said == ["tests/x.py::test_y names IN-99, which is not in docs/requirements.csv"]


def test_a_later_run_of_other_tests_adds_to_what_is_proved(tmp_path: Path) -> None:
    write_run(tmp_path, "1", {"a": passed("IN-01")})
    write_run(tmp_path, "2", {"b": passed("IN-02", "COR-01")})

    names = proved(latest(read_runs(tmp_path)))

    assert names == {"IN-01", "IN-02", "COR-01"}


def test_a_later_failure_of_the_same_test_takes_its_proof_away(tmp_path: Path) -> None:
    write_run(tmp_path, "1", {"a": passed("IN-01")})
    write_run(tmp_path, "2", {"a": failed("IN-01")})

    assert proved(latest(read_runs(tmp_path))) == set()


def test_one_failing_test_outweighs_a_passing_one_of_the_same_id() -> None:
    assert proved({"a": passed("IN-01", "IN-02"), "b": failed("IN-01")}) == {"IN-02"}


def test_a_test_that_was_deleted_or_renamed_or_names_another_id_proves_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text('@pytest.mark.requirement("IN-01")\ndef test_here(): ...\n')
    outcomes = {
        "test_a.py::Suite::test_here[x-1]": passed("IN-01", "IN-0"),
        "test_a.py::test_her": passed("IN-01"),
        "gone.py::test_here": passed("IN-01"),
    }

    kept = still_there(tmp_path, outcomes)

    assert kept == {"test_a.py::Suite::test_here[x-1]": passed("IN-01")}


def test_a_row_that_claims_done_without_a_test_is_listed_and_a_proved_open_one_is_hinted() -> None:
    rows = [a_row("IN-01", state="done"), a_row("IN-02"), a_row("IN-03", state="done")]

    assert [row.id for row in unproved(rows, {"IN-02", "IN-03"})] == ["IN-01"]
    assert [row.id for row in unclaimed(rows, {"IN-02", "IN-03"})] == ["IN-02"]


def test_marking_sets_proved_rows_to_done_and_never_sets_one_back() -> None:
    rows = [a_row("IN-01", state="done"), a_row("IN-02"), a_row("IN-03")]

    states = [row.state for row in marked(rows, {"IN-02"})]

    assert states == ["done", "done", "open"]


def test_the_summary_counts_requirements_apart_from_corrections_and_families() -> None:
    requirements = [a_row("IN-01"), a_row("RT-01", service="routing")]
    rows = [*requirements, a_row("COR-01", kind="correction"), a_row("C1", kind="family")]

    told = summary(rows, {"RT-01", "COR-01", "C1"})

    assert (told["ids"], told["proved"], told["corrections"], told["families"]) == (2, 1, 1, 1)
    assert told["by_service"] == {name: int(name == "routing") for name in SERVICES}


def test_without_a_recorded_run_the_command_says_so_and_passes_while_nothing_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = a_checkout(tmp_path, a_row("IN-01"))

    code = main([], root)

    lines = capsys.readouterr().out.splitlines()
    assert code == 0 and lines[0].startswith("No test run is recorded")
    assert json.loads(lines[-1])["proved"] == 0


def test_without_a_recorded_run_the_command_fails_when_a_row_claims_to_be_done(tmp_path: Path) -> None:
    root = a_checkout(tmp_path, a_row("IN-01", state="done"))

    assert main([], root) == 1


def test_marking_writes_the_proved_rows_into_the_table(tmp_path: Path) -> None:
    root = a_checkout(tmp_path, a_row("IN-01"), a_row("IN-02"), test="def test_one(): 'IN-01'\n")
    write_run(root / RECORDS, "1", {"test_it.py::test_one": passed("IN-01")})

    code = main(["--mark"], root)

    assert code == 0 and [row.state for row in read_rows(root / TABLE)] == ["done", "open"]


def test_a_run_of_pytest_records_what_passed_and_what_failed_but_not_what_was_skipped(tmp_path: Path) -> None:
    text = """
import pytest
pytestmark = pytest.mark.requirement("IN-01")
@pytest.fixture
def broken_end(): yield; raise OSError
@pytest.mark.requirement("IN-02")
def test_good(): ...
@pytest.mark.requirement("IN-03")
def test_bad(broken_end): ...
def test_left(): pytest.skip("no broker here")
"""
    root = a_checkout(tmp_path, a_row("IN-01"), a_row("IN-02"), a_row("IN-03"), test=text)

    pytest_in(root)

    (run,) = read_runs(root / RECORDS)
    assert run == {
        "test_it.py::test_good": passed("IN-02", "IN-01"),
        "test_it.py::test_bad": failed("IN-03", "IN-01"),
    }


def test_a_run_of_pytest_stops_at_an_unknown_id_with_a_plain_sentence(tmp_path: Path) -> None:
    text = 'import pytest\n@pytest.mark.requirement("IN-77")\ndef test_lost(): ...\n'
    root = a_checkout(tmp_path, a_row("IN-01"), test=text)

    ran = pytest_in(root)

    assert ran.returncode == pytest.ExitCode.USAGE_ERROR
    assert "test_it.py::test_lost names IN-77, which is not in docs/requirements.csv" in ran.stderr
