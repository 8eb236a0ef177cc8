"""What adapters are built on and what the centre reads are written apart; here they meet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from shared import ids
from shared.contracts import base, wire
from shared.contracts.edge import AskHandleCase
from shared.contracts.fields import Outcome, ReturnReason
from shared.contracts.golden import FOLDER, example
from yizhan_adapter import answers, asks, envelope

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ASK = (FOLDER / "ask.handle_case.v1.json").read_bytes()

SAID: list[answers.Said] = [
    answers.Received(),
    answers.Accepted(NOON),
    *(answers.Returned(reason) for reason in get_args(ReturnReason)),
    answers.Progressed("investigating"),
    *(answers.Concluded(outcome, NOON) for outcome in get_args(Outcome)),
]


def test_both_sides_know_the_same_reasons_and_outcomes() -> None:
    assert get_args(ReturnReason) == answers.REASONS
    assert get_args(Outcome) == answers.OUTCOMES


def test_an_adapter_reads_an_ask_as_the_centre_tells_it() -> None:
    told = example(AskHandleCase)

    ask = asks.read(ASK, wire.CONTENT_TYPE, "court")

    assert isinstance(told, AskHandleCase)
    assert (ask.delivery_id, ask.case_no, ask.category) == (told.delivery_id, told.case_no, told.category)
    assert (ask.accept_by, ask.flags, ask.region) == (told.accept_by, told.flags, told.region)


@pytest.mark.parametrize("said", SAID, ids=answers.said)
def test_the_centre_reads_an_answer_as_an_adapter_says_it(said: answers.Said) -> None:
    ask = asks.read(ASK, wire.CONTENT_TYPE, "court")

    heard = wire.decode(envelope.answer(ask, said, 1, NOON, ids.new()))
    told = wire.read(heard)

    assert told is not None
    assert heard.data == base.dump(told)
    assert (heard.name, heard.causationid, heard.sequence) == (said.name, ask.event_id, "0000000001.00")
