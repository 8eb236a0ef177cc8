"""What may travel, and what a listener makes of what comes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import orjson
import pytest

from shared import ids
from shared.aggregate.held import following
from shared.contracts import base, wire
from shared.contracts.all import every
from shared.contracts.golden import envelope, example
from shared.contracts.routing import CaseAssigned, CaseAttemptRecorded, CaseMerged
from shared.contracts.schemas import json_schema, stem
from shared.errors import Poison

SENT = envelope(CaseAssigned)
PHONE, ID_NUMBER = "138" + "0013" + "8000", "11010519" + "491231002X"


def raw(**changes: Any) -> bytes:
    """The example on the wire, with some attributes other than they should be; None takes one away."""
    changed = orjson.loads(wire.encode(SENT)) | changes
    return orjson.dumps({name: value for name, value in changed.items() if value is not None})


@pytest.mark.parametrize(
    "value",
    [
        PHONE,
        ID_NUMBER,
        ID_NUMBER.lower(),
        f"call {PHONE} soon",
        f"+86-{PHONE}",
        f"id:{ID_NUMBER}.",
        "赵某",
        "unit 司法所",
        {"inside": [{"deep": PHONE}]},
        {PHONE: "as a key"},
    ],
    ids=str,
)
def test_a_phone_an_identity_number_or_words_never_leave(value: Any) -> None:
    leaking = replace(SENT, data=SENT.data | {"note": value})

    with pytest.raises(wire.Leak):
        wire.encode(leaking)


@pytest.mark.parametrize(
    "value", ["990101101201001", "0192f3a4-0000-7000-8000-138001380001", "9" * 17, "2026"]
)
def test_ids_and_regions_are_not_taken_for_phones(value: str) -> None:
    harmless = replace(SENT, data=SENT.data | {"note": value})

    assert value.encode() in wire.encode(harmless)


def test_no_count_can_hold_a_phone_number() -> None:
    told = CaseAttemptRecorded(case_id=ids.new(), tier="village", n=int(PHONE), threshold=3)

    with pytest.raises(ValueError, match="n"):
        base.dump(told)


def test_an_event_larger_than_the_limit_is_refused_when_it_is_written() -> None:
    large = replace(SENT, data={"units": ["court"] * 10_000})

    with pytest.raises(ValueError, match="larger than"):
        wire.encode(large)


def test_what_an_event_does_not_have_is_left_out() -> None:
    sent = replace(SENT, causationid="", traceparent="")

    body = orjson.loads(wire.encode(sent))

    assert "causationid" not in body
    assert wire.decode(orjson.dumps(body)) == sent


def test_a_publisher_may_not_add_a_field() -> None:
    told = example(CaseMerged)
    schema = base.schema_of(CaseMerged)()

    errors = schema.validate(base.dump(told) | {"colour": "red"})

    assert list(errors) == ["colour"]


def test_a_publisher_may_not_tell_a_wrong_value() -> None:
    told = CaseMerged(case_id="not-an-id", into_case_id="neither")

    with pytest.raises(ValueError, match=r"case\.merged"):
        base.dump(told)


@pytest.mark.parametrize("text", ["court\n", "court ", " court", "Court", "1court", ""])
def test_a_code_is_whole_or_it_is_none(text: str) -> None:
    told = CaseAssigned(case_id=ids.new(), lead_unit=text, tier="village")

    with pytest.raises(ValueError, match="lead_unit"):
        base.dump(told)


def test_a_listener_leaves_out_what_it_does_not_know() -> None:
    body = raw(colour="red", data=SENT.data | {"added_in_a_later_minor": 7})

    heard = wire.read(wire.decode(body))

    assert heard == example(CaseAssigned)


def test_a_listener_understands_a_later_minor_version() -> None:
    body = raw(dataschema="urn:yizhan:schema:case.assigned:1.9")

    assert wire.read(wire.decode(body)) == example(CaseAssigned)


def test_a_major_version_nobody_here_knows_is_poison() -> None:
    body = raw(type="case.assigned.v9")

    with pytest.raises(Poison, match="unknown major"):
        wire.read(wire.decode(body))


def test_a_type_nobody_here_knows_is_nothing() -> None:
    body = raw(type="weather.changed.v1")

    assert wire.read(wire.decode(body)) is None


@pytest.mark.parametrize("name", wire.REQUIRED)
def test_an_event_without_a_required_attribute_is_poison(name: str) -> None:
    body = raw(**{name: None})

    with pytest.raises(Poison, match=name):
        wire.decode(body)


@pytest.mark.parametrize(
    "body",
    [b"", b"<event/>", b"[]", b"7", b'"case"', b"null", raw(type="case.assigned"), raw(data=[1]), raw(id=7)],
    ids=["empty", "xml", "list", "number", "text", "null", "no version", "data no object", "id no text"],
)
def test_what_is_no_event_is_poison(body: bytes) -> None:
    with pytest.raises(Poison):
        wire.decode(body)


@pytest.mark.parametrize("wrong", [{"last": "yes"}, {"time": 7}, {"regioncode": 990101}], ids=str)
def test_an_attribute_of_another_type_is_poison(wrong: dict[str, Any]) -> None:
    with pytest.raises(Poison):
        wire.decode(raw(**wrong))


@pytest.mark.parametrize("missing", ["case_id", "lead_unit", "tier"])
def test_data_without_a_needed_field_is_poison(missing: str) -> None:
    data = {name: value for name, value in SENT.data.items() if name != missing}

    with pytest.raises(Poison, match=missing):
        wire.read(wire.decode(raw(data=data)))


def test_sequences_sort_as_text_in_the_order_they_were_told() -> None:
    told = [
        f"{version:010d}.{index:02d}"
        for version in (1, 2, 9, 10, 11, 99, 100, 1_000_000)
        for index in (0, 1, 10)
    ]
    mixed = random.Random(7).sample(told, len(told))

    assert sorted(mixed) == told


def test_after_an_event_comes_the_next_of_its_write_or_the_next_version() -> None:
    within = replace(SENT, sequence="0000000009.00", last=False)
    final = replace(SENT, sequence="0000000009.01", last=True)

    assert following(within) == "0000000009.01"
    assert following(final) == "0000000010.00"


@pytest.mark.parametrize("contract", every(), ids=stem)
def test_a_contract_is_named_after_its_type_and_says_what_happened(contract: type[base.Event]) -> None:
    camel = "".join(part.title() for part in contract.TYPE.replace("_", ".").split("."))

    assert contract.__name__ == camel
    assert (contract.__doc__ or "").strip().endswith(".")


def test_only_routing_tells_about_cases() -> None:
    told = {c.PUBLISHER for c in every() if c.AGGREGATE == "case"}

    assert told == {"routing"}


def test_what_protects_a_person_is_in_no_contract() -> None:
    secret = (b'"dv"', b'"minor_harm"', b'"violence_risk"')

    schemas = [orjson.dumps(json_schema(contract)) for contract in every()]

    assert not [word for word in secret for schema in schemas if word in schema]
