"""The fourteen cases: each returns when the candidate did right, and raises Failed when it did not."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256

from yizhan_conformance.asks import SandboxAsk, encoded, padded, some_id
from yizhan_conformance.examination import SETTLE, Examination, Failed, without

Case = Callable[[Examination], None]
PREFETCH, BURST = 20, 200
BLINK = 1.5  # seconds for a candidate to store one ask


def happy_path(exam: Examination) -> None:
    """An ask is stored, received, and answered by the department's system."""
    ask = exam.an_ask()
    exam.sandbox.ask(ask.body())
    exam.received(ask)
    if not exam.sandbox.until(lambda: len(exam.heard(ask)) > 1):
        raise Failed("the department's system said nothing: accepted, returned, progressed or concluded")
    exam.received(ask)


def unknown_extra_field(exam: Examination) -> None:
    """A field that a later version added, in the data or beside it, is left alone."""
    ask = exam.an_ask()
    exam.sandbox.ask(ask.body({"colour": "red", "nested": {"a": [1]}}, futureattribute="x"))
    exam.received(ask)


def unknown_minor(exam: Examination) -> None:
    """A newer minor version is read like the one it grew from."""
    ask = exam.an_ask()
    newer = "urn:yizhan:schema:ask.handle_case:1.9"
    exam.sandbox.ask(ask.body({"added_in_1_9": True}, dataschema=newer))
    exam.received(ask)


def unknown_major(exam: Examination) -> None:
    """A newer major version, or a type nobody knows, is rejected without requeue and not answered."""
    newer, strange = (SandboxAsk(department=exam.department) for _ in range(2))
    bodies = newer.body(type="ask.handle_case.v9"), strange.body(type="ask.make_tea.v1")
    exam.sandbox.ask(*bodies)
    exam.rejected(*bodies)
    exam.unanswered(newer)
    exam.unanswered(strange)


def duplicate_id(exam: Examination) -> None:
    """The centre sends the same ask three times: one effect; answers may repeat, under their ids."""
    ask = exam.an_ask()
    exam.sandbox.ask(ask.body())
    exam.received(ask)
    exam.sandbox.ask(ask.body(), ask.body())
    exam.given()
    exam.received(ask)


def out_of_order(exam: Examination) -> None:
    """Asks come in another order than they were numbered: all are taken."""
    asks = [exam.an_ask() for _ in range(6)]
    exam.sandbox.ask(*(ask.body(sequence=f"{9 - n:010d}.00") for n, ask in enumerate(asks)))
    exam.received(*asks)


def redelivered(exam: Examination) -> None:
    """The line is cut before the acknowledgement arrives: the broker delivers again, the effect stays one."""
    ask = _swallowed(exam)
    exam.wire.heal()
    exam.received(ask)
    if not exam.candidate.alive:
        raise Failed("it ended when its line was cut")


def killed_before_ack(exam: Examination) -> None:
    """Killed with an ask in its hands that it has not stored: the ask comes again and is answered."""
    exam.candidate.freeze()
    ask = exam.an_ask()
    exam.sandbox.ask(ask.body())
    exam.given()
    exam.restart()
    exam.received(ask)


def killed_after_commit(exam: Examination) -> None:
    """Killed after it stored an ask, before its acknowledgement arrives: the ask comes again, one effect."""
    ask = _swallowed(exam)
    exam.restart()
    exam.received(ask)


def largest_event(exam: Examination) -> None:
    """An event of 64 KiB, the largest there is."""
    ask = exam.an_ask()
    exam.sandbox.ask(padded(ask))
    exam.received(ask)


def claim_check(exam: Examination) -> None:
    """Data behind a `dataref` is fetched and its sha256 compared; other bytes are rejected, not believed."""
    good, bad = exam.an_ask(), SandboxAsk(department=exam.department)
    exam.sandbox.ask(_elsewhere(exam, good, encoded(good.data())))
    exam.received(good)
    forged = _elsewhere(exam, bad, encoded(bad.data()), meant=b"other bytes")
    exam.sandbox.ask(forged)
    exam.rejected(forged)
    exam.unanswered(bad)


def scripts(exam: Examination) -> None:
    """Simplified and traditional characters and those of four bytes, written out or escaped."""
    asks = [exam.an_ask() for _ in range(2)]
    words = {"note": "简体、繁體、𠮷野家、😀", "title": "邻里纠纷\u2028\u0000"}
    plain = asks[0].body(words)
    escaped = "".join(c if ord(c) < 128 else _escape(c) for c in asks[1].body(words).decode()).encode()
    exam.sandbox.ask(plain, escaped)
    exam.received(*asks)


def burst(exam: Examination) -> None:
    """Two hundred asks at once: never more than twenty in hand, every one answered once."""
    asks = [exam.an_ask() for _ in range(BURST)]
    exam.candidate.freeze()
    exam.sandbox.ask(*(ask.body() for ask in asks))
    time.sleep(SETTLE)
    taken = BURST - exam.sandbox.waiting()
    exam.candidate.thaw()
    if taken > PREFETCH:
        raise Failed(f"it has {taken} asks in hand; the prefetch is at most {PREFETCH}")
    exam.received(*asks, seconds=90)


def causation(exam: Examination) -> None:
    """Every answer names its ask; one that does not is refused at the centre's gateway."""
    ask = exam.an_ask()
    exam.sandbox.ask(ask.body())
    exam.received(ask)
    for before in exam.asked:
        if not exam.heard(before) or any(e.get("causationid") != before.event_id for e in exam.heard(before)):
            raise Failed("an answer does not name its ask in causationid")
    answer = exam.heard(ask)[0]
    nameless = without(answer, "causationid")
    exam.outlet(nameless)
    if not exam.sandbox.until(lambda: nameless in exam.sandbox.raw) or not exam.gate(nameless, ask):
        raise Failed("the gateway took an answer that names no ask")
    if refusal := exam.gate(encoded(answer), ask):
        raise Failed(f"the gateway refuses its answers: {refusal}")


CASES: tuple[Case, ...] = (
    happy_path, unknown_extra_field, unknown_minor, unknown_major, duplicate_id, out_of_order, redelivered,
    killed_before_ack, killed_after_commit, largest_event, claim_check, scripts, burst, causation,
)  # fmt: skip


def _swallowed(exam: Examination) -> SandboxAsk:
    """An ask that arrived while everything the candidate says is lost on the way."""
    exam.wire.deaf = True
    ask = exam.an_ask()
    exam.sandbox.ask(ask.body())
    exam.given()
    time.sleep(BLINK)
    return ask


def _elsewhere(exam: Examination, ask: SandboxAsk, data: bytes, meant: bytes | None = None) -> bytes:
    link = exam.files.put(some_id(), data)
    return ask.body(data=None, dataref=link, datasha256=sha256(meant or data).hexdigest())


def _escape(character: str) -> str:
    raw = character.encode("utf-16-be")
    return "".join(f"\\u{raw[n : n + 2].hex()}" for n in range(0, len(raw), 2))
