"""What a county IT person runs first: the doctor says what is wrong, the dry run shows what would be sent."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pika.exceptions import AMQPConnectionError, ProbableAuthenticationError

from tests.toys.adapters import NOON, FakeChannel, ask_body, delivery, open_store, properties
from tests.unit.test_adapter_plugins import install
from yizhan_adapter import NeverPossible, Office, OfficeDown, doctor
from yizhan_adapter.__main__ import main
from yizhan_adapter.claim_check import LARGEST, fetched
from yizhan_adapter.errors import NotThere, Unreadable
from yizhan_adapter.mailbox import Mailbox


@pytest.fixture
def court(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A court that is installed and set up; its back office is not there."""
    monkeypatch.syspath_prepend(str(tmp_path))
    install(tmp_path, "court", "yizhan_departments:court")
    store = str(tmp_path / "store" / "court.sqlite")
    return {
        "ADAPTER_AMQP_URL": "amqp://x",
        "BACK_OFFICE_URL": "http://127.0.0.1:9",
        "ADAPTER_STORE": store,
    }


class Link:
    """A broker that knows the mailbox, or fails as told."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.fails = fails

    def __call__(self) -> Link:
        if self.fails:
            raise self.fails
        return self

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def channel(self) -> Link:
        return self

    def queue_declare(self, name: str, passive: bool) -> Any:
        assert passive
        return SimpleNamespace(method=SimpleNamespace(message_count=3))


def found(environment: dict[str, str], fails: Exception | None = None) -> dict[str, doctor.Finding]:
    findings = doctor.examine("court", environment, lambda url: Link(fails))
    return {finding.name: finding for finding in findings}


def test_the_doctor_looks_at_everything_and_names_what_is_wrong(court: dict[str, str]) -> None:
    seen = found(court)

    assert [name for name, finding in seen.items() if finding.ok] == [
        "plug-in",
        "settings",
        "store",
        "mailbox",
    ]
    assert "dept.court.inbox is there, 3 waiting" in seen["mailbox"].detail
    assert not seen["back office"].ok


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (ProbableAuthenticationError(403, "no"), "does not know this user"),
        (AMQPConnectionError("refused"), "AMQPConnectionError"),
    ],
)
def test_a_mailbox_that_cannot_be_reached_is_told_apart_from_a_wrong_password(
    court: dict[str, str], fails: Exception, said: str
) -> None:
    assert said in found(court, fails)["mailbox"].detail


def test_without_settings_the_doctor_stops_and_names_the_variable(court: dict[str, str]) -> None:
    seen = found(court | {"BACK_OFFICE_URL": ""})

    assert list(seen) == ["plug-in", "settings"]
    assert "BACK_OFFICE_URL" in seen["settings"].detail


def test_the_doctors_report_gives_advice_and_a_status(
    court: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BACK_OFFICE_URL", raising=False)

    assert main(["doctor", "court"]) == 1
    assert "→ set the variable that is named" in capsys.readouterr().out


def test_every_finding_that_may_be_bad_has_advice() -> None:
    assert set(doctor.ADVICE) == {"plug-in", "settings", "store", "mailbox", "gate", "back office", "vault"}


def test_a_dry_run_shows_the_request_and_sends_nothing(
    court: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "ask.json"
    file.write_bytes(ask_body(7))

    assert main(["dry", "court", str(file)]) == 0

    said = capsys.readouterr().out
    assert "would send POST http://back.office/tjpt/v1/ajxx" in said and "990101-2026-000007" in said
    assert "nothing was sent" in said
    assert not (tmp_path / "store").exists()


def test_a_dry_run_that_sends_says_which_error_and_what_it_means(
    court: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACK_OFFICE_URL", court["BACK_OFFICE_URL"])

    assert main(["dry", "court", "--send"]) == 1

    assert "OfficeDown" in (said := capsys.readouterr().out) and "tried again later" in said


def test_a_dry_run_of_something_else_than_an_ask_says_so(
    court: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text("{}")

    assert main(["dry", "court", str(tmp_path / "x.json")]) == 78
    assert "without specversion" in capsys.readouterr().err


# ── data that lies elsewhere ────────────────────────────────────────────────────────────────────


def elsewhere(data: bytes, meant: bytes | None = None) -> bytes:
    """An ask whose data is behind a link."""
    event = json.loads(ask_body())
    del event["data"]
    event |= {
        "dataref": "https://centre.invalid/files/1?s=2",
        "datasha256": sha256(meant or data).hexdigest(),
    }
    return json.dumps(event).encode()


def the_data() -> bytes:
    return json.dumps(json.loads(ask_body())["data"]).encode()


class Files(Office):
    """A file store that gives one answer."""

    says: bytes | Exception = b""

    def fetch(self, path: str, most: int) -> bytes:
        assert path == "/files/1?s=2"
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def takes(tmp_path: Path, says: bytes | Exception, body: bytes) -> tuple[FakeChannel, int]:
    """What becomes of a message: what the channel was told, and how many asks were stored."""
    store, channel = open_store(tmp_path), LaterChannel()

    def office(url: str) -> Office:
        files = Files(url)
        files.says = says
        return files

    mailbox = Mailbox("court", "1.0.0", store, clock=lambda: NOON, fetch=lambda event: fetched(event, office))
    mailbox.take(channel, delivery(1), properties(), body)
    return channel, len(store.unfinished())


class LaterChannel(FakeChannel):
    """Does at once what is to be done later."""

    def __init__(self) -> None:
        super().__init__()
        self.connection = SimpleNamespace(call_later=lambda seconds, what: what())

    def basic_nack(self, tag: int, requeue: bool) -> None:
        self.done.append(("given back" if requeue else "dropped", tag))


def test_data_behind_a_link_is_fetched_checked_and_stored_with_the_ask(tmp_path: Path) -> None:
    channel, stored = takes(tmp_path, the_data(), elsewhere(the_data()))

    assert (channel.done, stored) == ([("ack", 1)], 1)
    assert open_store(tmp_path).unfinished()[0].ask.case_no == "990101-2026-000001"


def test_other_bytes_than_were_meant_go_to_the_parking(tmp_path: Path) -> None:
    channel, stored = takes(tmp_path, the_data() + b" ", elsewhere(the_data()))

    assert (channel.done, stored) == ([("reject", 1)], 0)


@pytest.mark.parametrize("says", [OfficeDown("503"), NeverPossible("404")])
def test_data_that_is_not_there_yet_comes_again(tmp_path: Path, says: Exception) -> None:
    channel, stored = takes(tmp_path, says, elsewhere(the_data()))

    assert (channel.done, stored) == ([("given back", 1)], 0)


@pytest.mark.parametrize("says", [b"[" * 100_000, b"\xff", b"[]"])
def test_fetched_bytes_that_are_no_ask_go_to_the_parking(tmp_path: Path, says: bytes) -> None:
    channel, stored = takes(tmp_path, says, elsewhere(says))

    assert (channel.done, stored) == ([("reject", 1)], 0)


@pytest.mark.parametrize("link", ["file:///etc/hosts", "nonsense", ""])
def test_a_link_to_nowhere_is_not_followed(link: str) -> None:
    with pytest.raises((Unreadable, NotThere)):
        fetched({"dataref": link, "datasha256": ""})


def test_no_more_is_read_than_an_ask_may_have(tmp_path: Path) -> None:
    large = b" " * (LARGEST + 1)

    channel, _ = takes(tmp_path, large, elsewhere(large))

    assert channel.done == [("reject", 1)]
