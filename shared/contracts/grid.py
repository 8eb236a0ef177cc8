"""What grid tells: what its workers found, and how the map of regions and grids changes."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Event, event
from shared.contracts.fields import (
    Code,
    Count,
    FindingKind,
    Id,
    Instant,
    PersonsBand,
    PlaceKind,
    Ref,
    Region,
    Urgency,
)


@event("grid.finding_reported", by="grid", about="finding")
class GridFindingReported(Event):
    """A grid worker saw a sign of trouble, a hazard or a dispute; intake registers it."""

    finding_id: Id
    kind: FindingKind
    urgency: Urgency
    region: Region
    grid_id: Region
    category: Code | None = None
    place_kind: PlaceKind | None = None
    persons_band: PersonsBand = "unknown"
    found_at: Instant
    reporter: Ref | None = None


@event("region.changed", by="grid", about="region")
class RegionChanged(Event):
    """Regions were opened, split, merged or closed; old codes stay readable."""

    region: Region
    change: Literal["opened", "renamed", "split", "merged", "closed"]
    old_ids: tuple[Region, ...]
    new_ids: tuple[Region, ...]
    effective_at: Instant


@event("grid.opened", by="grid", about="region")
class GridOpened(Event):
    """A grid or micro grid exists from now on."""

    grid_id: Region
    region: Region
    kind: Literal["grid", "micro"]
    effective_at: Instant


@event("grid.recounted", by="grid", about="region")
class GridRecounted(Event):
    """The households and residents of a grid were counted anew: totals, never a list."""

    grid_id: Region
    households: Count | None = None
    residents: Count | None = None
    effective_at: Instant
