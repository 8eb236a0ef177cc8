"""The pages of intake: at the window, in the hall, on the wall, at the kiosk, and for residents at home."""

from services.intake.pages import (
    apply,
    bring_in,
    hall,
    kiosk,
    matter,
    my_data,
    query,
    receipt,
    register,
    suggesting,
)
from services.intake.pages.base import pages

__all__ = [
    "apply",
    "bring_in",
    "hall",
    "kiosk",
    "matter",
    "my_data",
    "pages",
    "query",
    "receipt",
    "register",
    "suggesting",
]
