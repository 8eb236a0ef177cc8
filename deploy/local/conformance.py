"""``make conformance``: a broker of its own, and fourteen cases for every adapter, the Node one included."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local import secrets
from deploy.local.home import CHECKOUT, Home
from deploy.local.offices import DEPARTMENTS, TOGETHER
from deploy.local.servers import servers_in
from shared.bus.api import Management
from shared.bus.names import edge
from shared.bus.topology import apply, wait_until_safe
from shared.contracts import wire
from shared.errors import Poison
from shared.settings import settings
from yizhan_conformance.asks import SandboxAsk
from yizhan_conformance.examination import strict_gate
from yizhan_conformance.kit import Report, Subject, examine

NODE, NODE_FOLDER = "node_department", CHECKOUT / "docs" / "examples" / "node-department"
BUNDLES = "+bundles"
HOME = Home(root=CHECKOUT, var=CHECKOUT / "var" / "conformance")


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The broker of this run."""

    url: str
    home: Home


def main(wanted: Sequence[str]) -> int:
    """Examine these adapters, or all; 0 when every case passed. The last line is one JSON object.

    `court+bundles` is the court's adapter behind a gate.
    """
    own = (*DEPARTMENTS, *TOGETHER, f"court{BUNDLES}")
    ids = tuple(wanted) or (*own, *((NODE,) if node_is_ready() else ()))
    with bench(HOME, tuple(dict.fromkeys(id.removesuffix(BUNDLES) for id in ids))) as made:
        reports = {id: examined(made, id) for id in ids}
    found = {id: {name: report[name] for name in ("passed", "of")} for id, report in reports.items()}
    _say(json.dumps(found))
    return 0 if all(report["passed"] == report["of"] for report in found.values()) else 1


def examined(made: Bench, id: str) -> Report:
    """One adapter's report; it is also written beside its log."""
    folder = made.home.var / id
    folder.mkdir(parents=True)
    _say(f"{id}")
    department = id.removesuffix(BUNDLES)
    with _back_office(department, folder) as office:
        subject = Subject(
            department=department,
            command=_command(id),
            url=made.url,
            password=secrets.read(made.home.secrets, f"dept_{department}"),
            folder=folder,
            environment={"BACK_OFFICE_URL": office, "PYTHONUNBUFFERED": "1"},
            gate=gate,
        )
        report = examine(subject, lambda line: _say(f"  {line}"))
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    return report


def gate(body: bytes, ask: SandboxAsk) -> str:
    """The centre's door: the contracts as they are released, then the kit's own strictness."""
    try:
        wire.read(wire.decode(body))
    except Poison as error:
        return str(error)
    return strict_gate(body, ask)


@contextmanager
def bench(home: Home, ids: Sequence[str]) -> Iterator[Bench]:
    """A private broker on which these departments have their mailboxes, users and rights."""
    shutil.rmtree(home.var, ignore_errors=True)
    secrets.ensure(home.secrets, (), ids)
    private = servers_in(home, own_mongod=False)
    assert private.broker is not None
    try:
        private.start()
        os.environ |= {
            "AMQP_URL": private.broker.url,
            "AMQP_API": private.broker.api,
            "YIZHAN_SECRETS": str(home.secrets),
        }
        yield Bench(url=_with_mailboxes(ids), home=home)
    finally:
        private.kill()


def _with_mailboxes(ids: Sequence[str]) -> str:
    settings.cache_clear()
    api, vhost = Management(settings().amqp_api), edge(ids)
    apply(api, vhost)
    if faults := wait_until_safe(api, vhost):
        raise SystemExit("\n".join(faults))
    return f"{settings().amqp_url}/{vhost.name}"


def node_is_ready() -> bool:
    """Whether the Node example can run here; its one library is fetched once."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    if (NODE_FOLDER / "node_modules" / "amqplib").is_dir():
        return True
    return (
        subprocess.run(["npm", "ci", "--silent"], cwd=NODE_FOLDER, stdout=subprocess.DEVNULL).returncode == 0
    )


def _command(id: str) -> list[str]:
    if id == NODE:
        return ["node", str(NODE_FOLDER / "index.mjs")]
    if id.endswith(BUNDLES):
        return [sys.executable, "-W", "ignore", "-m", "deploy.local.gated", id.removesuffix(BUNDLES)]
    return [sys.executable, "-W", "ignore", "-m", "yizhan_adapter", "run", id]


@contextmanager
def _back_office(id: str, folder: Path) -> Iterator[str]:
    """The department's own system, pretended; the Node example needs none."""
    if id == NODE:
        yield ""
        return
    port = free_port()
    words = ["yizhan_simulators", id, "--bind", f"127.0.0.1:{port}", "--store", str(folder / "office.sqlite")]
    with (folder / "office.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", *words], stderr=log)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for(port: int, seconds: float = 20.0) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  a command line speaks


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
