"""Brings files in through the public import, watches them arrive, and learns which matter is which row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.demo.cast import Cast
from deploy.local.demo.life import Life
from deploy.local.demo.plot import Plot
from deploy.local.demo.web import Web

LOOK = 0.2
PAGE = 200


@dataclass(frozen=True)
class Parcel:
    """One file and the mapping that reads it."""

    path: Path
    mapping: str  # a name the product knows, or the YAML itself


def bring_map(web: Web, cast: Cast, folder: Path) -> None:
    """The county's divisions and grids, so that regions have names."""
    for name, file in (("regions", "divisions.csv"), ("grids", "grids.csv")):
        fields = {"file": (file, (folder / file).read_bytes())}
        web.upload(f"/grid/{name}/import", cast.admin.token, fields)


class Bringer:
    """A clerk at the county who brings files in."""

    def __init__(self, web: Web, cast: Cast, plot: Plot) -> None:
        self.web, self.plot, self.cast = web, plot, cast
        self.clerk = cast.county_post("clerk")

    def bring(self, parcel: Parcel, progress: Callable[[int, int], None]) -> int:
        """Send one file and wait until every row has its answer; returns how many were rejected."""
        fields = {
            "file": (parcel.path.name, parcel.path.read_bytes()),
            "mapping": parcel.mapping,
        }
        taken = self.web.upload("/intake/imports", self.clerk, fields)
        while taken["state"] != "done":
            time.sleep(LOOK)
            taken = self.web.get(f"/intake/imports/{taken['id']}", self.clerk)
            progress(taken["percent"], 100)
        progress(100, 100)
        return int(taken["rejected"])

    def lives(self) -> list[Life]:
        """A life for every registered matter, with the path its row asks for."""
        found = [self._life(registered) for registered in self._registrations()]
        return self._with_merges(found)

    def _registrations(self) -> Iterator[dict[str, Any]]:
        after: str | None = ""
        while after is not None:
            query = {"limit": PAGE} | ({"after": after} if after else {})
            page = self.web.get("/intake/registrations", self.cast.county_post("dispatcher"), **query)
            yield from page["items"]
            after = page["next"]

    def _life(self, registered: dict[str, Any]) -> Life:
        plan = self.plot.of(registered.get("external_ref") or registered["reg_id"])
        return Life(
            reference=registered.get("external_ref") or "", reg_id=registered["reg_id"],
            case_id=registered["case_id"], case_no=registered["case_no"], path=plan.path, tier=plan.tier,
            complexity=plan.complexity, matter_type=registered.get("matter_type") or "",
            category=registered.get("category") or "", region=registered["region"],
        )  # fmt: skip

    def _with_merges(self, lives: list[Life]) -> list[Life]:
        by_reference = {life.reference: life for life in lives}
        for life in lives:
            original = by_reference.get(self.plot.original_of(life.reference))
            life.merged_into = original.case_id if original else ""
            if life.path == "merge" and not original:
                life.path = "settle"
        return lives
