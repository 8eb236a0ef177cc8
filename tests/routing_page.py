"""The table of cases as a page for people; `python -m tests.routing_page` writes docs/routing-guards.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from services.routing.model import BESIDE, OPEN, OPEN_GUARDS, TABLE, State, Transition
from services.routing.rules import guards

PAGE = Path(__file__).resolve().parents[1] / "docs/routing-guards.md"

HEAD = """# The way of a case, row by row

Written from `services/routing/model/table.py` and `services/routing/rules/guards/`; do not edit by hand:
`python -m tests.routing_page` writes it, and a test fails when it is stale.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## Transitions\n", *_rows(TABLE), "## Beside the table\n", *_rows(BESIDE)]
    return "\n".join([*parts, "## Guards\n", *_guards(), "", "## Open guards\n", *_open(), ""])


def _rows(rows: tuple[Transition, ...]) -> Iterator[str]:
    yield "| # | command | 中文 | from | to | who | guards | tells |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        cells = (
            row.id, f"`{row.command}`", row.title, _states(row.sources), row.to.value, ", ".join(row.actors),
            ", ".join(row.guards) or "–", ", ".join(f"`{event}`" for event in row.emits),
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    yield ""


def _states(states: tuple[State, ...]) -> str:
    if set(states) == set(State):
        return "any"
    missing = set(OPEN) - set(states)
    if len(states) > 8 and len(missing) <= 1:
        return "any open" + "".join(f" but {state}" for state in missing)
    return ", ".join(states) or "–"


def _guards() -> Iterator[str]:
    yield "| guard | says |"
    yield "|---|---|"
    for name in guards.__all__:
        sentence = (getattr(guards, name).__doc__ or "").strip()
        yield f"| `{name}` | {sentence} |"


def _open() -> Iterator[str]:
    yield "Conditions of the design that nothing checks yet.\n"
    yield "| # | condition | why it is open |"
    yield "|---|---|---|"
    for guard in OPEN_GUARDS:
        yield f"| {guard.row} | {guard.says} | {guard.because} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
