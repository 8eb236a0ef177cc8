"""Which requirements are proved: reads docs/requirements.csv and what the last test runs recorded.

Run as ``python -m tests.requirements`` (``--mark`` sets every proved row to done). It fails when a row says
done and no passing test names it. The last line is one JSON object: ``ids`` is the number of requirements,
every other number in it counts what is proved (``by_service``: requirements only).
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

TABLE = Path("docs/requirements.csv")
RECORDS = Path("var/requirements")
MOST_PER_TEST = 3  # a test that proves more than three things proves none of them well
SERVICES = (
    "intake", "routing", "mediation", "petition", "grid", "reporting", "identity", "adapters", "shared",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the trace: what must hold, who owns it, where it is built, and whether it is proved."""

    id: str
    kind: str
    service: str
    statement: str
    issue: int
    state: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the last run of one test said about the ids it names."""

    ids: tuple[str, ...]
    passed: bool


def read_rows(table: Path) -> list[Row]:
    """The rows of the trace in their order; raises KeyError when a column is missing."""
    with table.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file)]


def write_rows(table: Path, rows: Iterable[Row]) -> None:
    """Writes the trace back, byte for byte the same where nothing changed."""
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(Row.__dataclass_fields__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def _row(line: Mapping[str, str]) -> Row:
    return Row(
        id=line["id"],
        kind=line["kind"],
        service=line["service"],
        statement=line["statement"],
        issue=int(line["issue"]),
        state=line["state"],
    )


def complaints(test: str, ids: Collection[str], known: Collection[str]) -> Iterator[str]:
    """What is wrong with the ids that a test names, one sentence each."""
    if len(ids) > MOST_PER_TEST:
        yield f"{test} names {len(ids)} requirements, at most {MOST_PER_TEST} are allowed: {', '.join(ids)}"
    for unknown in (name for name in ids if name not in known):
        yield f"{test} names {unknown}, which is not in {TABLE.as_posix()}"


def write_run(folder: Path, session: str, outcomes: Mapping[str, Outcome]) -> Path:
    """Records one test run; readers never see half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    part, whole = folder / f"{session}.part", folder / f"{session}.json"
    part.write_text(json.dumps({test: asdict(outcome) for test, outcome in outcomes.items()}, indent=1))
    return part.replace(whole)


def read_runs(folder: Path) -> list[dict[str, Outcome]]:
    """The recorded runs, oldest first; their names are the moments they began."""
    return [_run(path) for path in sorted(folder.glob("*.json"))]


def _run(path: Path) -> dict[str, Outcome]:
    recorded = json.loads(path.read_text())
    return {test: Outcome(ids=tuple(said["ids"]), passed=said["passed"]) for test, said in recorded.items()}


def latest(runs: Iterable[Mapping[str, Outcome]]) -> dict[str, Outcome]:
    """One outcome per test: a later run of the same test replaces, a run of other tests adds."""
    merged: dict[str, Outcome] = {}
    for run in runs:
        merged.update(run)
    return merged


def still_there(root: Path, outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Leaves out tests that were deleted or renamed since, and ids their file no longer names."""
    kept = {test: replace(said, ids=_still_named(root, test, said.ids)) for test, said in outcomes.items()}
    return {test: said for test, said in kept.items() if said.ids}


def _still_named(root: Path, test: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    file, function = root / test.split("::")[0], test.split("[")[0].split("::")[-1]
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    if not re.search(rf"\bdef {re.escape(function)}\(", text):
        return ()
    return tuple(name for name in ids if re.search(rf"\b{re.escape(name)}\b", text))


def proved(outcomes: Mapping[str, Outcome]) -> set[str]:
    """The ids that a passing test names and no failing one."""
    passing = {name for said in outcomes.values() if said.passed for name in said.ids}
    return passing - {name for said in outcomes.values() if not said.passed for name in said.ids}


def marked(rows: Iterable[Row], names: Collection[str]) -> list[Row]:
    """The rows with every proved one set to done; a row is never set back here."""
    return [replace(row, state="done") if row.id in names else row for row in rows]


def unproved(rows: Iterable[Row], names: Collection[str]) -> list[Row]:
    """Rows that claim to be done and have no passing test."""
    return [row for row in rows if row.state == "done" and row.id not in names]


def unclaimed(rows: Iterable[Row], names: Collection[str]) -> list[Row]:
    """Rows that a passing test proves and that still say open."""
    return [row for row in rows if row.state == "open" and row.id in names]


def summary(rows: Sequence[Row], names: Collection[str]) -> dict[str, object]:
    """The numbers of the last line: how many requirements there are, and what of each sort is proved."""
    hit = [row for row in rows if row.id in names]
    requirements = [row for row in hit if row.kind == "requirement"]
    return {
        "ids": sum(row.kind == "requirement" for row in rows),
        "proved": len(requirements),
        "by_service": {name: sum(row.service == name for row in requirements) for name in SERVICES},
        "corrections": sum(row.kind == "correction" for row in hit),
        "families": sum(row.kind == "family" for row in hit),
    }


def table_lines(rows: Sequence[Row], names: Collection[str]) -> Iterator[str]:
    """The table per service, corrections and families included, with a sum at its foot."""
    yield f"{'service':<12}{'ids':>6}{'done':>6}{'proved':>8}"
    for service in SERVICES:
        yield _line(service, [row for row in rows if row.service == service], names)
    yield _line("all", rows, names)


def _line(label: str, rows: Sequence[Row], names: Collection[str]) -> str:
    done, hit = sum(row.state == "done" for row in rows), sum(row.id in names for row in rows)
    return f"{label:<12}{len(rows):>6}{done:>6}{hit:>8}"


def report(rows: Sequence[Row], names: Collection[str], *, recorded: bool) -> Iterator[str]:
    """Everything the command prints, line by line."""
    if not recorded:
        yield f"No test run is recorded in {RECORDS.as_posix()} yet: run the tests first."
    yield from table_lines(rows, names)
    for row in unproved(rows, names):
        yield f"done, but no passing test names it: {row.id} {row.statement}"
    for row in unclaimed(rows, names):
        yield f"proved, but still open (--mark sets it): {row.id} {row.statement}"
    yield json.dumps(summary(rows, names))


def main(arguments: Sequence[str] | None = None, root: Path = Path(__file__).parents[1]) -> int:
    """Prints the report; 1 when a row claims to be done without a passing test, else 0."""
    parser = argparse.ArgumentParser("python -m tests.requirements", description="What the tests prove.")
    parser.add_argument("--mark", action="store_true", help="set every proved row to done")
    wants = parser.parse_args(arguments)
    rows, runs = read_rows(root / TABLE), read_runs(root / RECORDS)
    names = proved(still_there(root, latest(runs)))
    if wants.mark:
        rows = marked(rows, names)
        write_rows(root / TABLE, rows)
    print(*report(rows, names, recorded=bool(runs)), sep="\n")
    return 1 if unproved(rows, names) else 0


if __name__ == "__main__":
    sys.exit(main())
