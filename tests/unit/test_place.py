"""The mark between two pages of a list: it comes back as it was given, or is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote_plus

import pytest

from shared.errors import Malformed
from shared.place import Place, place


def test_a_place_comes_back_as_it_was_given() -> None:
    seen = Place(at=datetime(2026, 9, 7, 1, 30, 0, 250_000, UTC), id="a~b")

    assert place(str(seen)) == seen
    assert unquote_plus(str(seen)) == str(seen)
    assert place("") is None


@pytest.mark.parametrize("cursor", ["x", "~", "2026-09-07T09:30:00~a", "0001-01-01T00:00:00+14:00~a"])
def test_what_was_never_given_is_refused(cursor: str) -> None:
    with pytest.raises(Malformed) as refused:
        place(cursor)

    assert refused.value.code == "bad_cursor"
