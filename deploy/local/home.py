"""Where a checkout keeps what it makes while running: everything under var/, nothing anywhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Home:
    """The folders and files of one running copy of the suite."""

    root: Path
    var: Path

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def broker(self) -> Path:
        return self.var / "broker"

    @property
    def mongod(self) -> Path:
        return self.var / "mongod"

    @property
    def ports(self) -> Path:
        return self.var / "ports.json"

    @property
    def state(self) -> Path:
        return self.var / "run" / "state.json"

    @property
    def lock(self) -> Path:
        return self.var / "run" / "lock"

    @property
    def clock(self) -> Path:
        return self.var / "clock"


def here() -> Home:
    """The home of this checkout; YIZHAN_VAR moves var/ elsewhere."""
    return Home(root=CHECKOUT, var=Path(os.environ.get("YIZHAN_VAR") or CHECKOUT / "var").resolve())
