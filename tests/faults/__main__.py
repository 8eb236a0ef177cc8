"""`python -m tests.faults [pytest's options]`: tries the faults; the last line is one JSON object."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.claims import Recorder, lines, summary


def main(options: Sequence[str]) -> int:
    """Runs all fault tests, the long ones too, and says which claims hold; pytest's own exit code."""
    recorder, started = Recorder(), time.monotonic()
    code = pytest.main(
        [str(Path(__file__).parent), "--durations=5", "-m", "nightly or not nightly", *options],
        plugins=[recorder],
    )
    said = summary(recorder.tests.values(), time.monotonic() - started)
    print(*lines(said), json.dumps(said), sep="\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
