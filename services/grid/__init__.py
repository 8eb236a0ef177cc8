"""grid 网格: the map of regions and grids, and what grid workers find on it.

Decides: which rows of a divisions file are good, which region a code lies in, when a finding may be told.
Hears: `registration.accepted` (to show the case number beside the finding that it came from).
Tells: `region.changed`, `grid.opened`, `grid.recounted`, `grid.finding_reported`.
Keeps: regions with their former names, totals per grid and nothing about persons (GR-12), and the words of
findings, sealed (COR-29).
"""
