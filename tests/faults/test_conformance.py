"""The conformance kit on a real broker: good adapters pass all fourteen cases, a careless one does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.conformance import NODE, NODE_FOLDER, gate, node_is_ready
from tests.faults.departments import ADAPTERS, PACKAGES, Edge, departments, ended, free_port, simulator
from tests.servers import TestServers
from yizhan_adapter.plugins import GROUP
from yizhan_conformance.kit import Report, Subject, examine

pytestmark = pytest.mark.nightly

CARELESS = Path(__file__).parent / "careless.py"


@pytest.fixture(scope="module")
def mailboxes(servers: TestServers) -> Iterator[dict[str, str]]:
    with departments(servers, "court", "police", NODE) as environment:
        yield environment


def examined(
    mailboxes: dict[str, str], id: str, folder: Path, words: list[str], patience: float = 30.0, **more: str
) -> Report:
    """The report about a command that serves a department's sandbox."""
    password = (Path(mailboxes["YIZHAN_SECRETS"]) / f"dept_{id}").read_text().strip()
    url = f"{mailboxes['AMQP_URL']}/{mailboxes['YIZHAN_EDGE_VHOST']}"
    subject = Subject(
        department=id, command=words, url=url, password=password, folder=folder, environment=more,
        gate=gate, patience=patience,
    )  # fmt: skip
    return examine(subject)


def failed(report: Report) -> dict[str, str]:
    """The cases that did not pass, and why."""
    return {case["name"]: case["fault"] for case in report["cases"] if not case["passed"]}


def test_the_court_passes_all_fourteen(mailboxes: dict[str, str], tmp_path: Path) -> None:
    side, port = Edge(mailboxes, tmp_path), free_port()
    site = tmp_path / "site" / "yizhan_adapter_court-0.1.0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text("Metadata-Version: 2.1\nName: yizhan-adapter-court\nVersion: 0.1.0\n")
    (site / "entry_points.txt").write_text(f"[{GROUP}]\ncourt = yizhan_departments:court\n")
    path = os.pathsep.join([str(site.parent), *(str(ADAPTERS / name) for name in PACKAGES)])
    words = [sys.executable, "-W", "ignore", "-m", "yizhan_adapter", "run", "court"]

    with ended(simulator(side, port)):
        report = examined(
            mailboxes, "court", tmp_path, words, PYTHONPATH=path, BACK_OFFICE_URL=f"http://127.0.0.1:{port}"
        )

    assert failed(report) == {}
    assert (report["passed"], report["of"], report["kit"]) == (14, 14, "1.0.0")


@pytest.mark.requirement("XI-09")
def test_a_department_that_answers_from_node_passes_all_fourteen(
    mailboxes: dict[str, str], tmp_path: Path
) -> None:
    if not node_is_ready():
        pytest.skip("node and its library are not here; CI installs them (bootstrap --for node)")

    report = examined(mailboxes, NODE, tmp_path, ["node", str(NODE_FOLDER / "index.mjs")])

    assert failed(report) == {}
    assert report["passed"] == report["of"] == 14


def test_a_careless_adapter_is_told_what_it_does_wrong(mailboxes: dict[str, str], tmp_path: Path) -> None:
    report = examined(mailboxes, "police", tmp_path, [sys.executable, "-W", "ignore", str(CARELESS)], 4.0)

    wrong = failed(report)

    assert "not rejected" in wrong["unknown_major"]
    assert "said twice" in wrong["duplicate_id"]
    assert "prefetch is at most 20" in wrong["burst"]
    assert "not answered in time" in wrong["killed_before_ack"], wrong
    assert {"happy_path", "redelivered", "killed_after_commit", "claim_check"} <= wrong.keys()


def test_an_adapter_that_does_not_start_passes_nothing(mailboxes: dict[str, str], tmp_path: Path) -> None:
    password = (Path(mailboxes["YIZHAN_SECRETS"]) / "dept_police").read_text().strip()
    url = f"{mailboxes['AMQP_URL']}/{mailboxes['YIZHAN_EDGE_VHOST']}"
    subject = Subject(
        department="police", command=["false"], url=url, password=password, folder=tmp_path, patience=0.5
    )

    report = examine(subject)

    assert report["passed"] == 0
