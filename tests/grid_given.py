"""A small map and a report, as the tests of grid give them."""

from __future__ import annotations

from datetime import UTC, datetime

from services.grid.handlers.importing import GRIDS, REGIONS, bring_in
from services.grid.store import Stores, memory_stores
from shared.decision import Cause

NOW = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
VILLAGE, GRID = "990101101201", "990101101201001"
DIVISIONS = """code,name,parent,level
990101,云溪县,,county
990101101,松岚镇,990101,township
990101101201,墨松村,990101101,village
990101101202,岚脚村,990101101,village
"""
CELLS = f"grid_id,name,village,households,residents\n{GRID},一网格,{VILLAGE},120,340\n"


def everywhere(code: str) -> bool:
    return True


def drawn(all: Stores) -> Stores:
    """The same stores with the small map in them."""
    for text, levels in ((DIVISIONS, REGIONS), (CELLS, GRIDS)):
        done = bring_in(all, text.encode(), levels, Cause(at=NOW), everywhere)
        assert not done.bad
    return all


def town() -> Stores:
    """Grid in memory with the small map."""
    return drawn(memory_stores())
