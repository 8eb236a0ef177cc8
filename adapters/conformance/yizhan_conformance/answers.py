"""What an answer must be: a CloudEvent of a known type, from the department, about its ask, in codes only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from yizhan_conformance.asks import SandboxAsk

REASONS = frozenset(
    ("not_competent", "wrong_region", "duplicate", "material_missing", "conflict_of_interest")
)
OUTCOMES = frozenset(
    (
        *("mediated_written", "mediated_oral", "settled", "admin_resolved", "answered", "aid_only"),
        *("referred_court", "referred_arbitration", "referred_admin", "petition_concluded"),
        *("withdrawn", "failed"),
    )
)
STEP = re.compile(r"[a-z][a-z0-9_.]{0,47}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

DETAILS: Mapping[str, Mapping[str, Any]] = {
    "answer.received.v1": {},
    "answer.accepted.v1": {"accepted_at": INSTANT.fullmatch},
    "answer.returned.v1": {"reason": REASONS.__contains__},
    "answer.progressed.v1": {"step": STEP.fullmatch},
    "answer.concluded.v1": {"outcome": OUTCOMES.__contains__, "concluded_at": INSTANT.fullmatch},
}


def faults(event: Mapping[str, Any], ask: SandboxAsk) -> Iterator[str]:
    """Everything that is wrong with one answer to an ask."""
    wanted = {
        "specversion": "1.0",
        "source": f"/dept/{ask.department}",
        "subject": f"delivery/{ask.delivery_id}",
        "causationid": ask.event_id,
    }
    yield from (f"{name} is {event.get(name)!r}, not {right!r}" for name, right in wanted.items()
                if event.get(name) != right)  # fmt: skip
    if not ID.fullmatch(str(event.get("id"))):
        yield "id is no UUID"
    if not INSTANT.fullmatch(str(event.get("time"))):
        yield "time is no instant"
    yield from _detail_faults(event, ask)


def row_faults(row: list[dict[str, Any]]) -> Iterator[str]:
    """Everything that is wrong with the row of answers about one hand-over."""
    kinds = [event["type"] for event in row]
    numbers = [event.get("sequence") for event in row]
    if numbers != [f"{n:010d}.00" for n in range(1, len(row) + 1)]:
        yield f"sequences are {numbers}, not 0000000001.00 and so on without a hole"
    if kinds[:1] != ["answer.received.v1"]:
        yield f"the first answer is {kinds[:1]}, not received"
    said = [(event["type"], event["data"].get("step")) for event in row]
    yield from (
        f"{kind} is said twice under different ids" for kind, _ in {s for s in said if said.count(s) > 1}
    )


def _detail_faults(event: Mapping[str, Any], ask: SandboxAsk) -> Iterator[str]:
    details = DETAILS.get(str(event.get("type")))
    data = event.get("data")
    if details is None or not isinstance(data, dict):
        yield f"type is {event.get('type')!r}, which is no answer"
        return
    checks = {"delivery_id": lambda value: value == ask.delivery_id, **details}
    yield from (
        f"{name} is {data.get(name)!r}" for name, right in checks.items() if not right(data.get(name, ""))
    )
    if beyond := data.keys() - checks.keys():
        yield f"says more than codes: {', '.join(sorted(beyond))}"
