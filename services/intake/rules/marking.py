"""Finding again without opening: the marks to look for under every key, and new marks under a new key.

While the index key is being changed some records carry marks of the old one. Who looks asks for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.intake.model.form import Form
from services.intake.model.registration import Registration
from services.intake.model.words import OUR_SIDE
from services.intake.rules import numbers, sealing
from shared.crypto import Sealer


def persons_sought(form: Form, sealer: Sealer) -> tuple[str, ...]:
    """The marks by which earlier matters of the same person are found."""
    return tuple(mark for each in sealer.markers() for mark in sealing.person_marks(form, each))


def texts_sought(text: str, sealer: Sealer) -> tuple[str, ...]:
    """The marks by which the same text is found; none when it is too short."""
    return tuple(mark for each in sealer.markers() if (mark := sealing.text_mark(text, each)))


def queries_sought(code: str, phone_tail: str, sealer: Sealer) -> tuple[str, ...]:
    """The marks by which the matter behind a query code and a phone tail is found."""
    return tuple(sealing.query_mark(code, phone_tail, each) for each in sealer.markers())


def remarked(state: Registration, sealer: Sealer) -> dict[str, Any]:
    """The marks of a registration under the newest key of the index; empty when they are."""
    if state.marked_by == sealer.marking.id or not state.query_marks:
        return {}
    return marks_of(state, sealer)


def marks_of(state: Registration, sealer: Sealer) -> dict[str, Any]:
    """All marks of a registration, made of what is sealed in it."""
    code = sealing.opened(state, "query_code", sealer)
    own = sorted(_own_numbers(state, sealer))
    tails = {numbers.tail(number) for _, number in own} or {""}
    return {
        "marked_by": sealer.marking.id,
        "person_marks": tuple(sorted({sealer.blind_index(field, number) for field, number in own})),
        "query_marks": tuple(sorted({sealing.query_mark(code, tail, sealer) for tail in tails})),
        "text_mark": sealing.text_mark(sealing.opened(state, "summary", sealer), sealer),
    }


def _own_numbers(state: Registration, sealer: Sealer) -> Iterator[tuple[str, str]]:
    for party in state.parties:
        if party.role in OUR_SIDE:
            for field in ("phone", "id_no"):
                if number := sealing.personal(state, party, field, sealer):
                    yield field, number
