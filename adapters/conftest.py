"""Every plug-in beside this file can be imported by its own tests, installed or not: no list is edited."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(card.parent) for card in Path(__file__).parent.glob("*/pyproject.toml")]
