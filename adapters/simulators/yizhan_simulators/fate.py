"""What a simulator does with a case: decided by the case's number alone, the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

Course = tuple[str, ...]  # the codes a case passes through, first to last


def course(simulator: str, case_no: str, courses: Sequence[tuple[int, Course]]) -> Course:
    """The course of one case; `courses` are (how many in a hundred, codes) and add up to a hundred."""
    digest = hashlib.sha256(f"{simulator}|{case_no}".encode()).digest()
    lot = int.from_bytes(digest[:8], "big") % 100
    for share, codes in courses:
        if lot < share:
            return codes
        lot -= share
    raise ValueError(f"the courses of {simulator} do not add up to a hundred")
