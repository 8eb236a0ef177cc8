"""The measurements still run, and lose nothing, on a load that takes no time. Figures are not judged here."""

from __future__ import annotations

import json
import subprocess
import sys

from deploy.local.home import CHECKOUT
from tests.servers import TestServers


def test_the_measurements_run_and_find_nothing_lost_or_out_of_order(servers: TestServers) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.tiny_bench"]

    ran = subprocess.run(
        command, cwd=CHECKOUT, env=_environment(servers), capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["wrong"] == 0
    assert {"relay", "write", "scaling"} <= found.keys()


def _environment(servers: TestServers) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin"} | servers.fresh_environment(
        LOG_LEVEL="WARNING", YIZHAN_LADDER_DIVISOR="1"
    )
