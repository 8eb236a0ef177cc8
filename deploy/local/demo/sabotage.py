"""Spoils one effect behind the suite's back, so that one can see the oracle is not blind.

`drop` takes an event out of a row of reporting, `twice` puts one in a second time. Nothing else in the demo
touches a database.
"""

from __future__ import annotations

from typing import Any

from shared.database import open_database


def spoil(kind: str, case_id: str) -> None:
    """Spoil the row of one case.

    Raises SystemExit for a kind that is not known.
    """
    rows = open_database("reporting")["rows"]
    row: dict[str, Any] = rows.find_one({"_id": case_id}) or {}
    timeline = row["state"]["timeline"]
    spoiled = {"drop": timeline[1:], "twice": [timeline[0], *timeline]}.get(kind)
    if spoiled is None:
        raise SystemExit(f"SABOTAGE={kind}：只有 drop 和 twice")
    rows.update_one({"_id": case_id}, {"$set": {"state.timeline": spoiled}})
