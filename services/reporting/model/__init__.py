"""The nouns of reporting, and the words in which people read its codes."""

from services.reporting.model.row import (
    ENDED,
    WAITING,
    Clock,
    ClockState,
    Copy,
    Entry,
    Hop,
    PetitionRow,
    Row,
    Sitting,
    Way,
)

__all__ = [
    "ENDED", "WAITING", "Clock", "ClockState", "Copy", "Entry", "Hop", "PetitionRow", "Row", "Sitting", "Way",
]  # fmt: skip
