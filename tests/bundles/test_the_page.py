"""docs/closed-networks.md, done as it says: every command of the page is run, in its order, on both sides."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.bundle import bundle
from tests.bundles.gates import carry, environment
from tests.toys.adapters import ask_body
from yizhan_adapter import doctor
from yizhan_adapter.asks import parse
from yizhan_adapter.bundles import ferry, settings
from yizhan_adapter.bundles.__main__ import main
from yizhan_adapter.bundles.refusals import SENTENCES
from yizhan_adapter.clock import now
from yizhan_adapter.errors import Misconfigured

PAGE = Path(__file__).parents[2] / "docs" / "closed-networks.md"
SAMPLE = "1a2b-3c4d-5e6f-7081-92a3-b4c5-d6e7-f809"
BLOCK = re.compile(r"^```sh (centre|department)\n(.*?)^```", re.S | re.M)


class Machines:
    """The two machines, with one folder for cards between them."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.monkeypatch, self.capsys = folder, monkeypatch, capsys
        self.ends = tuple(self.settings(side).folder for side in ("centre", "department"))

    def settings(self, side: str) -> settings.GateSettings:
        return settings.read("court", side, environment(self.folder, side))  # type: ignore[arg-type]

    def run(self, side: str, *words: str) -> tuple[int, str]:
        """One command there; its status, and what it said."""
        for name, value in environment(self.folder, side).items():
            self.monkeypatch.setenv(name, value)
        status = main(["--side", side, *words])
        return status, self.capsys.readouterr().out

    def follow(self, side: str, line: str) -> int:
        """One line of the page."""
        words = shlex.split(line)
        words = words[2:] if words[:2] == ["yizhan", "bundle"] else words[3:]
        into = words[words.index(">") + 1] if ">" in words else ""
        words = words[: words.index(">")] if into else words
        if "trust" in words:
            card = self.folder / words[words.index("court") + 1]
            words = [str(card) if word == card.name else word for word in words]
            words = [
                json.loads(card.read_text())["fingerprint"] if word == SAMPLE else word for word in words
            ]
        status, said = self.run(side, *words)
        if into:
            (self.folder / into).write_text(said)
        return status


@pytest.fixture
def machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Machines]:
    yield Machines(tmp_path, monkeypatch, capsys)


@pytest.mark.requirement("COR-05")
def test_every_command_of_the_page_works_in_its_order(machines: Machines) -> None:
    blocks = BLOCK.findall(PAGE.read_text())
    lines = [(side, line) for side, text in blocks for line in text.splitlines()]
    assert len(lines) >= 11
    asked = False

    for side, line in lines:
        if " export " in line and not asked:
            body = ask_body(1)
            at_the_gate = ferry.mailbox(machines.settings("centre")).at_the_gate
            at_the_gate.keep(parse(body), body, now())
            asked = True
        assert machines.follow(side, line) == 0, line
        carry(*machines.ends)

    there = machines.settings("department").gate()
    assert [came.type for came in there.coming.here()] == ["ask.handle_case.v1"]


def test_every_reason_for_a_refusal_is_on_the_page() -> None:
    page = PAGE.read_text()
    named = (
        "不在信任名单里", "不是本方的", "内容与签名不符", "文件不是摆渡包", "方向不对", "旧包重放",
        "接不上前一份", "已经作废的序列", "内容与这一份不同", "超前太多", "摆渡包",
    )  # fmt: skip

    assert all(word in page for word in named)
    untold = [code for code, text in SENTENCES.items() if not any(word in text for word in named)]
    assert untold == ["too_large", "unreadable"]  # a faulty program, nothing the ferry does


def test_a_wrong_fingerprint_is_not_registered(machines: Machines) -> None:
    _, card = machines.run("centre", "keys", "make", "court")
    (machines.folder / "card").write_text(card)

    status, _ = machines.run(
        "department", "keys", "trust", "court", str(machines.folder / "card"), "--fingerprint", SAMPLE
    )

    assert status == 78
    assert machines.settings("department").ring().theirs == ()


def test_without_keys_status_says_what_to_do_and_export_refuses(machines: Machines) -> None:
    status, said = machines.run("centre", "status", "court")
    assert status == 1 and "! 密钥：本方 没有，先 keys make" in said and "从来没有" in said

    assert machines.run("centre", "export", "court")[0] == 78
    assert machines.run("centre", "keys", "show", "court")[0] == 78
    assert machines.run("department", "run", "court")[0] == 78


def test_status_names_what_was_refused_what_is_missing_and_what_waits(machines: Machines) -> None:
    for side, text in BLOCK.findall(PAGE.read_text())[:4]:
        assert machines.follow(side, text.strip()) == 0
    for n in (1, 2):
        body = ask_body(n)
        ferry.mailbox(machines.settings("centre")).at_the_gate.keep(parse(body), body, now())
        machines.run("centre", "export", "court")
    first, second = sorted((machines.ends[0] / "out").glob("*.yzb"))
    target = machines.ends[1] / "in"
    target.mkdir(parents=True, exist_ok=True)
    (target / first.name).write_bytes(first.read_bytes()[:-1] + b"!")
    second.rename(target / second.name)

    status, said = machines.run("department", "import", "court")
    assert (status, said) == (1, "收进 1 份，重复 0 份，拒收 1 份\n")
    (reason,) = (machines.ends[1] / "refused").glob("*.txt")
    assert reason.read_text() == "内容与签名不符：文件在途中被改动，或者没有传完整\n"

    status, said = machines.run("department", "status", "court")
    assert status == 1
    assert "! 缺第 1 号，已在回执里请对方重发" in said and first.name in said
    _, there = machines.run("centre", "status", "court")
    assert "在闸口等待过去的事项 2 件" in there


def test_the_suites_command_is_the_centres_side(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(machines.folder, "centre").items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as ended:
        bundle(["keys", "make", "court"], standalone_mode=False)

    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["side"] == "centre"


def test_the_doctor_looks_at_the_gate_where_there_is_one(machines: Machines) -> None:
    given = environment(machines.folder, "department")
    with pytest.raises(Misconfigured, match="keys make"):
        doctor._gate("court", given)
    for side, text in BLOCK.findall(PAGE.read_text())[:4]:
        assert machines.follow(side, text.strip()) == 0

    assert "0 waiting to cross, 0 bundles taken" in doctor._gate("court", given)[1]


@pytest.mark.parametrize(
    ("name", "value"), [("GATE_EVERY_S", "soon"), ("GATE_AGAIN_S", "0"), ("GATE_SIZE_KB", "1e9")]
)
def test_a_setting_that_is_wrong_is_named(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=name):
        settings.read("court", "centre", environment(tmp_path, "centre", **{name: value}))


def test_a_departments_folder_may_lie_elsewhere(tmp_path: Path) -> None:
    given = environment(tmp_path, "centre", GATE_FOLDER_COURT=str(tmp_path / "disk"))

    assert settings.read("court", "centre", given).folder == tmp_path / "disk"
    assert settings.read("police", "centre", given).folder != tmp_path / "disk"
