"""A department behind a gate claims fields and files too: the question crosses, the reply comes sealed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from shared import ids
from tests.bundles.gates import Gated
from tests.bundles.sides import rings
from tests.toys.adapters import ask_body
from yizhan_adapter import Answer, Ask, Concluded, NeverPossible, OfficeDown
from yizhan_adapter.bundles import status
from yizhan_adapter.bundles.manifest import Entry
from yizhan_adapter.bundles.questions import QUESTION
from yizhan_adapter.bundles.sealed import box
from yizhan_adapter.disclosures import TOKENS, VAULT, Vault

NAME, LETTER = "某甲甲甲", b"a letter of three pages"


class Centre:
    """The centre over HTTPS; it notes who asked what, and fails as told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any, Mapping[str, str]]] = []
        self.fails: list[Exception] = []

    def __call__(self, url: str) -> Centre:
        return self

    def post(self, path: str, body: Any) -> Any:
        assert path == TOKENS and body["department"] == "court" and body["secret"] == "s3cret"
        return {"access_token": "t"}

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        self.asked.append((method, path, body, headers or {}))
        if self.fails:
            raise self.fails.pop(0)
        if path == VAULT:
            return {
                "receipt_id": ids.derived("receipt", "1"), "fields": {"name": {"p1": NAME}},
                "disclosed_at": "2026-11-23T04:00:00+00:00",
            }  # fmt: skip
        return {"items": [_listed()]}

    def fetch(self, path: str, most: int) -> bytes:
        assert path == "/intake/files/1?sig=x"
        return LETTER


def _listed() -> dict[str, Any]:
    from hashlib import sha256

    return {
        "file_id": "f1", "sha256": sha256(LETTER).hexdigest(), "size": len(LETTER),
        "media_type": "text/plain", "kind": "letter", "address": "https://centre/intake/files/1?sig=x",
        "valid_until": "2026-11-30T00:00:00+00:00",
    }  # fmt: skip


class Needy:
    """Hands nothing over before it has the name of the first party and the files."""

    department, name = "court", "needy"

    def __init__(self) -> None:
        self.given: list[Any] = []

    def handle(self, ask: Ask) -> Answer | None:
        given = ask.disclose(("name",), "立案", "civil_procedure.122")
        files = ask.files()
        self.given.append((given.fields["name"]["p1"], given.receipt_id, [one.read() for one in files]))
        return Concluded("settled")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Gated, Centre, Needy]]:
    centre, needy = Centre(), Needy()
    town = Gated(tmp_path, needy)
    town.answering.vault = Vault("http://centre", "court", lambda: "s3cret", office=centre)  # type: ignore[arg-type]
    yield town, centre, needy
    town.close()


def work(town: Gated, rounds: int = 9) -> None:
    """Bundles cross, and the department works whenever something has come."""
    for _ in range(rounds):
        town.turn()
        town.desk.round(time.time() + 5_000)


def everywhere(folder: Path) -> bytes:
    """All that lies on the disks of both sides but the adapter's own store."""
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file() and "adapter" not in p.name)


def ask_with_files() -> bytes:
    return ask_body(1, dataref="/intake/deliveries/1/files")


@pytest.mark.requirement("COR-05")
def test_names_and_files_cross_when_they_are_needed_and_lie_open_nowhere(
    made: tuple[Gated, Centre, Needy], tmp_path: Path
) -> None:
    town, centre, needy = made
    town.ask(ask_with_files())

    work(town)
    town.turn()

    assert needy.given == [(NAME, ids.derived("receipt", "1"), [LETTER])]
    assert town.channel.answers == ["received", "accepted", "concluded"]
    assert [(method, path) for method, path, *_ in centre.asked] == [
        ("POST", VAULT), ("GET", "/intake/deliveries/1/files"),
    ]  # fmt: skip
    _, _, body, headers = centre.asked[0]
    assert body["recipient_unit"] == "court" and body["purpose"] == "立案"
    assert headers["Idempotency-Key"] and headers["Authorization"] == "Bearer t"
    found = everywhere(tmp_path)
    assert "立案".encode() not in found
    assert NAME.encode() not in found and LETTER not in found and b"s3cret" not in found


def test_while_the_vault_does_not_answer_the_question_waits_and_holds_up_no_answer(
    made: tuple[Gated, Centre, Needy],
) -> None:
    town, centre, needy = made
    centre.fails = [OfficeDown("503")]
    town.ask(ask_with_files())

    work(town)
    assert needy.given == [] and town.answering.waiting() == 1
    assert town.channel.answers == ["received"]
    town.answering.gate.db.do("UPDATE questions SET next_at = 0")
    work(town)

    assert len(needy.given) == 1


def test_what_the_centre_refuses_waits_for_a_person_in_the_department(
    made: tuple[Gated, Centre, Needy],
) -> None:
    town, centre, needy = made
    centre.fails = [NeverPossible("POST /intake/vault/disclosures: 403")]
    town.ask(ask_with_files())

    work(town)

    (held,) = town.store.unfinished()
    assert held.state == "stuck" and "403" in held.error and needy.given == []


def test_an_ask_is_taken_up_at_once_when_what_it_asked_for_has_come(
    made: tuple[Gated, Centre, Needy],
) -> None:
    town, _, _ = made
    town.ask(ask_with_files())
    town.turn()
    town.desk.round(time.time())
    assert town.store.due(time.time()) == []

    town.turn()
    town.turn()

    assert [held.error.partition(":")[0] for held in town.store.due(time.time())] == ["asked across the gate"]


def test_replies_are_forgotten_after_a_day(made: tuple[Gated, Centre, Needy]) -> None:
    town, _, _ = made
    town.ask(ask_with_files())
    work(town)
    assert town.crossing.gate.db.one("SELECT count(*) FROM replies") == 3

    town.crossing.gate.db.do("UPDATE replies SET at = at - 86401")
    town.crossing._beat()

    assert town.crossing.gate.db.one("SELECT count(*) FROM replies") == 0


@pytest.mark.parametrize(
    "question",
    [
        b'{"method": "GET", "path": "/routing/cases"}', b'{"method": "DELETE", "path": "/intake/x"}',
        b'{"method": "GET", "path": "/intake/../identity/accounts"}', b'{"method": "FETCH", "path": "/x"}',
        b"{}", b"no question", b"[]", b"[[1]]", b'{"more": 7}',
    ],
)  # fmt: skip
def test_nothing_else_can_be_asked_across_the_gate(
    made: tuple[Gated, Centre, Needy], question: bytes
) -> None:
    town, centre, _ = made
    sealed = box(question, town.there.ring().recipient())
    town.crossing.gate.put("q", Entry(id="q1", type=QUESTION, body=sealed), time.time())

    work(town, 3)

    assert centre.asked == [] and town.answering.waiting() == 0
    assert town.crossing.gate.db.one("SELECT count(*) FROM replies") == 1


def test_a_question_for_a_key_that_was_dropped_waits_is_shown_and_is_asked_anew(
    made: tuple[Gated, Centre, Needy],
) -> None:
    town, _, needy = made
    stray = box(b"{}", rings()[0].make().own[-1].card)
    town.crossing.gate.put("q", Entry(id="q1", type=QUESTION, body=stray), time.time())
    work(town, 2)
    found = status.lines(town.centre.gate(), town.centre.ring(), "", 900.0)

    assert town.answering.waiting() == 1
    assert any("1 个还没有答复" in line.text and line.bad for line in found)
    again = Entry(id="q1", type=QUESTION, body=box(b"{}", town.there.ring().recipient()))
    town.crossing.gate.put("q", again, time.time())
    work(town, 2)
    assert town.answering.waiting() == 0 and needy.given == []
