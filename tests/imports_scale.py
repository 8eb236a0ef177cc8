"""Bring in a file of many rows on a real database, kill the worker on the way, say how fast it was.

`python -m tests.imports_scale --rows 200000` (its own mongod; outside of the tests): the last line is JSON.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import click

from deploy.local import secrets
from deploy.local.home import CHECKOUT, Home
from deploy.local.plan import SERVICES
from deploy.local.servers import servers_in
from services.intake.handlers import importing, mappings
from services.intake.handlers.importing import Importer
from services.intake.store import Stores, stores
from shared.clock import now
from shared.decision import Actor, Cause
from shared.web.site import aggregates

HEAD = "工单编号,来电时间,来电人,联系电话,工单类型,问题分类,标题,诉求内容,区划代码\n"
CLERK = Actor(ref="window_clerk", role="clerk", unit="centre_county", region="990101")


def rows(count: int) -> bytes:
    """So many work orders; every thousandth is broken."""
    out = [HEAD]
    for n in range(count):
        phone = "电话没记" if n % 1000 == 999 else f"138{n:08d}"
        what = f"第{n}件：屋后{n % 97}号水沟堵了{n % 31}天，雨水倒灌进{n % 53}组的院子，请来看看。"
        out.append(f"{n},2026/1/12 09:48:00,甲某,{phone},纠纷,邻里,水沟{n},{what},990101101201\n")
    return "".join(out).encode()


def peak() -> int:
    """The most memory this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def bring_in(all: Stores, data: bytes, kill_at: float) -> dict[str, object]:
    """Take the file, work, lose the worker at a share of it, go on with another."""
    before, began = peak(), time.monotonic()
    why = Cause(at=now(), actor=CLERK)
    id = importing.take(all, data, "大表.csv", mappings.known()["hotline12345"], why).held.id
    taken, memory = time.monotonic() - began, peak()
    began = time.monotonic()
    worker = get_context("spawn").Process(target=_work)
    worker.start()
    while all.imports.load(id).state.percent < kill_at * 100:
        time.sleep(0.2)
    alone = high_water(worker.pid or 0)
    worker.kill()  # in the middle of a stretch
    worker.join()
    second = Importer(all, now)
    while all.imports.load(id).state.state == "running":
        second.work(2)
    seconds = time.monotonic() - began
    counts = all.imports.load(id).state.counts
    return {
        "rows": counts.total, "accepted": counts.accepted, "duplicates": counts.duplicates,
        "rejected": counts.rejected, "repeated": counts.repeated,
        "megabytes": round(len(data) / 2**20, 1), "take_seconds": round(taken, 1),
        "seconds": round(seconds, 1), "rows_per_second": round(counts.total / seconds),
        "registrations": all.registrations.collection.count_documents({}),  # type: ignore[attr-defined]
        "memory_worker_mb": alone, "memory_before_mb": before, "memory_taking_mb": memory,
        "memory_peak_mb": peak(),
    }  # fmt: skip


def _work() -> None:
    importer = Importer(stores(), now)
    while True:
        importer.work(2)


def high_water(pid: int) -> int:
    """The most memory another process has had, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@click.command()
@click.option("--rows", "count", default=200_000)
def main(count: int) -> None:
    """Measure it on a mongod of its own."""
    folder = Path(tempfile.mkdtemp(prefix="yizhan-imports-"))
    home = Home(root=CHECKOUT, var=folder)
    secrets.ensure(home.secrets)
    made = servers_in(home, own_broker=False)
    assert made.mongod is not None
    try:
        made.start()
        os.environ |= {
            "MONGO_URL": made.mongod.url, "YIZHAN_DB_PREFIX": "scale_",
            "YIZHAN_SECRETS": str(secrets.ensure(folder / "own", SERVICES, ())),
        }  # fmt: skip
        all = stores()
        for store in aggregates(all):
            store.prepare()  # type: ignore[attr-defined]
        click.echo(json.dumps(bring_in(all, rows(count), kill_at=0.3), ensure_ascii=False))
    finally:
        made.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
