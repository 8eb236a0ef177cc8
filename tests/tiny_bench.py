"""The measurements with hardly any load, on the servers of a test session: the figures say nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from bench import relay, scaling, write
from bench.shown import show, wrong
from bench.surroundings import Surroundings
from deploy.local.home import CHECKOUT, Home

REPLICAS = (1,)


def main() -> None:
    """Measure and print what was found as the last line."""
    home = Home(root=CHECKOUT, var=Path(os.environ["YIZHAN_SECRETS"]).parent)
    around = Surroundings(home=home, servers={}, share=0.01)
    try:
        found = _measured(around)
    finally:
        for process in around.running:
            process.kill()
    show(found)
    print(json.dumps(found | {"wrong": wrong(found)}))


def _measured(around: Surroundings) -> dict[str, Any]:
    followed = scaling.measured(around, "reporting", scaling.MODULES["reporting"], REPLICAS)
    return {"relay": relay.run(around), "write": write.run(around), "scaling": {"reporting": followed}}


if __name__ == "__main__":
    main()
