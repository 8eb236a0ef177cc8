"""One after another, where one that fails holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def each(ids: Iterable[str], act: Callable[[str], object], *, failed: str) -> int:
    """Act on each of them; how many those were.

    Raises ExceptionGroup, under the name `failed`, when all have had their turn and some of them failed.
    """
    done, failures = 0, []
    for id in ids:
        try:
            act(id)
        except Exception as error:
            failures.append(error)
        done += 1
    if failures:
        raise ExceptionGroup(failed, failures)
    return done
