"""What becomes of a message whose handler failed, and what its copy carries."""

from __future__ import annotations

from decimal import Decimal

from pymongo.errors import OperationFailure, WriteError

from shared.bus.outcome import DISK_FULL, Outcome, copied, outcome, outlet

LATER = Outcome(action="later", step="2s", attempt=3, error="Retry:1")


def test_a_database_without_room_is_waited_for_and_counts_no_try() -> None:
    full, wrong = WriteError("no space", DISK_FULL), OperationFailure("bad", 2)

    assert outcome(full, 5).action == "wait"
    assert outcome(wrong, 5).action == "later"


def test_a_copy_carries_our_notes_only_so_that_no_broker_refuses_it() -> None:
    foreign = {"amount": Decimal("1E+3"), "long": "x" * 130_000, "x-death": "?", "n": 1}

    headers = copied({"traceparent": "00-a", "x-first-failed": "then", **foreign}, LATER, "now")

    assert headers == {
        "traceparent": "00-a", "x-attempt": 3, "x-first-failed": "then", "x-last-error": "Retry:1",
    }  # fmt: skip


def test_who_sent_a_message_is_remembered_on_its_way_back() -> None:
    assert outlet({"x-outlet": "dept.court.out"}, "x.return") == "dept.court.out"


def test_a_department_cannot_say_that_it_is_another() -> None:
    assert outlet({"x-outlet": "dept.police.out"}, "dept.court.out") == "dept.court.out"
