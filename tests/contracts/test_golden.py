"""Every contract has an example that was told once and must be understood for ever."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import orjson
import pytest

from shared.contracts import base, golden, release, wire
from shared.contracts.all import every
from shared.contracts.base import Event
from shared.contracts.schemas import json_schema, stem

EXAMPLES = sorted(golden.FOLDER.glob("*.json"))


def named(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_told_once_is_still_understood(path: Path) -> None:
    envelope = wire.decode(path.read_bytes())

    told = wire.read(envelope)

    assert told is not None
    assert envelope.data.items() <= base.dump(told).items()


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_travels_there_and_back_unchanged(path: Path) -> None:
    example = orjson.loads(path.read_bytes())

    again = orjson.loads(wire.encode(wire.decode(path.read_bytes())))

    assert again == example


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_fits_the_released_schema(path: Path) -> None:
    schema = orjson.loads((release.FOLDER / path.name).read_bytes())
    data = orjson.loads(path.read_bytes())["data"]

    jsonschema.Draft7Validator.check_schema(schema)

    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(data)


@pytest.mark.parametrize("contract", every(), ids=stem)
def test_an_event_with_only_what_it_needs_is_told_and_understood(contract: type[Event]) -> None:
    told = golden.example(contract, bare=True)

    heard = wire.read(wire.decode(wire.encode(golden.envelope(contract, bare=True))))

    assert heard == told
    jsonschema.Draft7Validator(json_schema(contract)).validate(base.dump(told))


def test_every_contract_has_one_example_and_one_released_schema() -> None:
    names = sorted(stem(contract) for contract in every())

    examples = sorted(path.stem for path in EXAMPLES)
    released = sorted(path.stem for path in release.FOLDER.glob("*.json"))

    assert examples == names
    assert released == names


def test_writing_examples_again_touches_none_that_is_there(tmp_path: Path) -> None:
    first = list(golden.write(tmp_path))
    first[0].write_bytes(b"as it was told in the first release")

    again = list(golden.write(tmp_path))

    assert len(first) == len(every())
    assert again == []
    assert first[0].read_bytes() == b"as it was told in the first release"
