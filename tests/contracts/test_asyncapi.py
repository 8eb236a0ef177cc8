"""The document for readers outside Python says what the contracts and the listeners say, and is valid."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft7Validator

from shared.bus.worker import Worker, on
from shared.contracts.all import every
from shared.contracts.asyncapi.__main__ import DOCUMENT, against_schema, has_parser, parsed
from shared.contracts.asyncapi.document import document, listeners
from shared.contracts.base import Event
from shared.contracts.closing import CaseClosed
from shared.contracts.edge import AnswerAccepted
from shared.contracts.schemas import stem
from shared.contracts.wire import Envelope
from shared.decision import Cause

Json = dict[str, Any]


class Archive(Worker):
    """A listener as services have them."""

    service = "archive"

    @on("sla.#", order="none")
    def time(self, event: Event, cause: Cause) -> None: ...

    @on(CaseClosed)
    def closed(self, event: CaseClosed, cause: Cause) -> None: ...


class Desk(Worker):
    """One that consumes what departments answer."""

    service = "desk"
    vhost = "edge"
    queue = "q.gateway"

    @on(AnswerAccepted)
    def accepted(self, event: AnswerAccepted, cause: Cause) -> None: ...


@pytest.fixture(scope="module")
def made() -> Json:
    again: Json = orjson.loads(orjson.dumps(document(listeners([__name__]), "0.1.0")))
    return again


def stored(folder: Path, told: Json) -> Path:
    path = folder / "asyncapi.json"
    path.write_bytes(orjson.dumps(told))
    return path


def names(told: Json, operation: str) -> set[str]:
    return {ref["$ref"].rpartition("/")[2] for ref in told["operations"][operation]["messages"]}


def test_the_document_fits_the_schema_of_asyncapi(made: Json, tmp_path: Path) -> None:
    path = stored(tmp_path, made)

    assert against_schema(path) == []


def test_the_schema_of_asyncapi_finds_a_fault(made: Json, tmp_path: Path) -> None:
    made = made | {
        "operations": {"routing.tells": made["operations"]["routing.tells"] | {"action": "publish"}}
    }

    findings = against_schema(stored(tmp_path, made))

    assert findings


def test_the_official_parser_finds_no_error_and_no_warning(made: Json, tmp_path: Path) -> None:
    if not has_parser():
        pytest.skip("node, or the official parser, is not here and cannot be fetched")

    findings = parsed(stored(tmp_path, made))

    assert [f for f in findings if f["level"] in ("error", "warning")] == []


def test_the_official_parser_finds_a_fault(made: Json, tmp_path: Path) -> None:
    if not has_parser():
        pytest.skip("node, or the official parser, is not here and cannot be fetched")
    lost = made["operations"]["routing.asks"] | {"channel": {"$ref": "#/channels/nowhere"}}

    findings = parsed(stored(tmp_path, made | {"operations": {"routing.asks": lost}}))

    assert {f["level"] for f in findings if f["path"].startswith("operations")} == {"error"}


@pytest.mark.parametrize("contract", every(), ids=stem)
def test_the_example_in_the_document_fits_the_message_it_is_of(made: Json, contract: type[Event]) -> None:
    example = made["components"]["messages"][stem(contract)]["examples"][0]["payload"]
    payload = Draft7Validator(made | {"$ref": f"#/components/messages/{stem(contract)}/payload"})

    empty = example | {"data": {}}

    assert list(payload.iter_errors(example)) == []
    assert list(payload.iter_errors(empty))


def test_the_stored_document_has_every_contract_as_it_is_now(made: Json) -> None:
    kept = orjson.loads(DOCUMENT.read_bytes())

    assert kept["components"] == made["components"], "run `make asyncapi`"


def test_every_contract_is_told_by_its_publisher_and_by_nobody_else(made: Json) -> None:
    sends = [name for name, operation in made["operations"].items() if operation["action"] == "send"]

    tellers = {stem(c): {s.partition(".")[0] for s in sends if stem(c) in names(made, s)} for c in every()}

    assert tellers == {stem(c): {c.PUBLISHER} for c in every()}


def test_a_listener_hears_what_its_lines_say(made: Json) -> None:
    clocks = {stem(c) for c in every() if c.TYPE.startswith("sla.")}

    assert names(made, "archive.hears.archive.inbox") == clocks | {"case.closed.v1"}
    assert names(made, "desk.hears.q.gateway") == {"answer.accepted.v1"}


def test_the_topology_in_the_document_binds_the_listeners_keys(made: Json) -> None:
    queues = {queue["name"]: queue for queue in made["servers"]["core"]["x-rabbitmq"]["queues"]}

    assert ["x.events", "case.closed.#"] in queues["archive.inbox"]["bindings"]
    assert ["x.events", "sla.#"] in queues["archive.inbox"]["bindings"]


def test_every_attribute_of_the_envelope_is_described(made: Json) -> None:
    described = made["components"]["schemas"]["envelope"]["properties"]

    assert list(described) == [f.name for f in fields(Envelope)]
    assert all(attribute["description"] for attribute in described.values())
