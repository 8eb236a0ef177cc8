"""The whole way on real processes: files in, departments at work, cases closed, nothing lost or doubled."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.local.home import CHECKOUT

PATHS = (
    "settle",
    "mediate",
    "return",
    "transfer",
    "refer_out",
    "not_accept",
    "withdraw",
    "whistle",
    "rework",
)


def _a_few(folder: Path) -> Path:
    """Two rows of each of some paths."""
    with (CHECKOUT / "examples" / "matters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [row for path in PATHS for row in [r for r in rows if r["path"] == path][:2]]
    target = folder / "matters.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(chosen)
    return target


def _surroundings() -> dict[str, str]:
    """Those of somebody at a terminal: nothing that other tests of this run have set for themselves."""
    ours = ("YIZHAN_", "MONGO_", "AMQP_", "URL_", "BASE_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _demo(*words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "deploy.local.demo", *words],
        cwd=CHECKOUT, env=_surroundings(), capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3_000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_real_matters_travel_from_the_window_to_closure(tmp_path: Path) -> None:
    result = _demo("--data", str(_a_few(tmp_path)))

    assert (result["lost"], result["twice"], result["outbox"], result["parked"]) == (0, 0, 0, 0), result
    assert result["imported"] == 2 * len(PATHS)
    assert result["closed"] >= result["imported"] - 2 * len({"refer_out", "not_accept", "withdraw"}), result


def test_the_oracle_sees_what_was_dropped(tmp_path: Path) -> None:
    result = _demo("--data", str(_a_few(tmp_path)), "--sabotage", "drop")

    assert result["lost"] >= 1, result
