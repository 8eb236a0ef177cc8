"""What a screen shows of sealed fields without a stated purpose: more to those who handle, less to readers.

Who handles a matter sees `张*`, `138****1234` and the first and last digits of an identity number, enough to
tell two people apart. Who only reads (leaders, supervisors) sees the first character of a name and no number,
and in texts the parties' own names, numbers and addresses are covered.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.intake.model.registration import Party, Registration
from services.intake.model.reveal import ROLES
from services.intake.model.words import PERSONAL
from services.intake.rules import numbers, sealing
from shared.crypto import Sealer


def handles(roles: Sequence[str]) -> bool:
    """Whether somebody with these roles handles matters, and does not only read."""
    return any(role in ROLES for role in roles)


def of_party(
    registration: Registration, party: Party, roles: Sequence[str], sealer: Sealer
) -> dict[str, str]:
    """What a party gave, as somebody with these roles may see it."""
    mask = numbers.masked if handles(roles) else numbers.hidden
    return {field: mask(field, value) for field, value in _given(registration, party, sealer)}


def texts(
    registration: Registration, given: Sequence[str], roles: Sequence[str], sealer: Sealer
) -> list[str]:
    """Texts of the registration, as somebody with these roles may read them."""
    covered = [numbers.masked_text(text) for text in given]
    if handles(roles):
        return covered
    return [_without(text, _words(registration, sealer)) for text in covered]


def _words(registration: Registration, sealer: Sealer) -> dict[str, str]:
    """What the parties gave, longest first, and what stands for it."""
    found = {
        value: numbers.hidden(field, value)
        for party in registration.parties
        for field, value in _given(registration, party, sealer)
        if len(value) > 1
    }
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _given(registration: Registration, party: Party, sealer: Sealer) -> list[tuple[str, str]]:
    found = ((field, sealing.personal(registration, party, field, sealer)) for field in PERSONAL)
    return [(field, value) for field, value in found if value]


def _without(text: str, words: dict[str, str]) -> str:
    for word, cover in words.items():
        text = text.replace(word, cover)
    return text
