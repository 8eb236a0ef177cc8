"""`python -m bench [NAME …] [--share 0.1]`: a table for people, and one JSON object as the last line.

Progress goes to stderr. Ends with 1 when anything was lost, done twice or out of its order.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from bench.processor import Meter, processors
from bench.shown import show, wrong
from bench.surroundings import Surroundings, say, surroundings

NAMES = ("relay", "write", "scaling", "latency", "reporting")


def main(arguments: Sequence[str]) -> int:
    """Measures what is named, or everything."""
    parser = argparse.ArgumentParser("python -m bench", description="Measure the suite on this machine.")
    parser.add_argument("names", nargs="*", choices=[[], *NAMES], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--share", type=float, default=1.0, help="of the usual amounts; 0.1 for a quick look")
    wants = parser.parse_args(arguments)
    started, found = time.monotonic(), _machine()
    with surroundings(wants.share) as around:
        for name in wants.names or NAMES:
            say(f"{name} …")
            meter = Meter(groups={"measured": [os.getpid()]})
            found[name] = _run(name)(around)
            found[name]["processors_used_by_others"] = round(meter.read().shares()["others"], 2)
    found["wrong"] = wrong(found)
    found["seconds"] = round(time.monotonic() - started)
    show(found)
    print(json.dumps(found))
    return 1 if found["wrong"] else 0


def _run(name: str) -> Callable[[Surroundings], dict[str, Any]]:
    """The measurement of that name; imported late, so that one does not disturb another."""
    run: Callable[[Surroundings], dict[str, Any]] = import_module(f"bench.{name}").run
    return run


def _machine() -> dict[str, Any]:
    """Where this was measured; the load says how idle it was before."""
    load = round(os.getloadavg()[0], 2)
    return {"processors": processors(), "python": platform.python_version(), "load_before": load}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
