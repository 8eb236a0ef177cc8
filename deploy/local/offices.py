"""Which departments and platforms come with an adapter and a simulator, and how they are started.

Plain data. The three that every county begins with are processes of their own; all others of a county's
profile share one process for their adapters and one for their simulators.
"""

from __future__ import annotations

from collections.abc import Collection

DEPARTMENTS = ("court", "police", "judicial_bureau")
TOGETHER = (
    "procuratorate", "labour_arbitration", "market_supervision", "natural_resources", "housing",
    "civil_affairs",
)  # fmt: skip
PLATFORMS = (
    "provincial_platform", "hotline12345", "four_platforms", "municipal_platform", "petition_system",
)  # fmt: skip
OFFICES = (*TOGETHER, *PLATFORMS)


def shared(named: Collection[str]) -> tuple[str, ...]:
    """Those of a county's profile that share a process."""
    return tuple(id for id in OFFICES if id in named)
