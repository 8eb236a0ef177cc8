"""How fast reporting follows events, and how fast it counts: `python -m bench.reporting [--rows 100000]`.

Rows are real ones: cases told event by event, then copied with other regions, states, units and days.
Alone it measures 100,000 rows; among the others (`python -m bench`) a fifth of them. Its last line is one
JSON object. Uses the database of MONGO_URL when it is set, else a private one that is removed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, get_args

import click

from bench.shown import show
from bench.surroundings import Surroundings, say
from services.reporting import store
from services.reporting.model import ENDED
from services.reporting.store import Dimension, Stores, Wanted
from services.reporting.store.rows import MongoPetitions, MongoRows
from services.reporting.worker import ReportingWorker
from shared import ids
from shared.settings import settings
from tests.reporting_given import MONDAY, heard, life, minute

COUNTY = "990101"
TOWNS = ("001", "101", "102", "103", "104", "201", "202", "203")
CATEGORIES = ("neighbour", "labour_wages", "contract", "marriage_family", "traffic", "forest_land", "other")
OPEN = ("registered", "triaged", "assigned", "accepted", "handling", "mediating", "suspended", "resolved")
BATCH = 500


@contextmanager
def database() -> Iterator[None]:
    """A database for the length of the measuring."""
    from deploy.local import secrets
    from deploy.local.home import CHECKOUT, Home
    from deploy.local.servers import servers_in

    folder = Path(tempfile.mkdtemp(prefix="yizhan-bench-"))
    home = Home(root=CHECKOUT, var=folder)
    secrets.ensure(home.secrets)
    private = servers_in(home, own_broker=False, own_mongod="MONGO_URL" not in os.environ)
    try:
        private.start()
        if private.mongod:
            os.environ["MONGO_URL"] = private.mongod.url
        os.environ["YIZHAN_DB_PREFIX"] = "bench_"
        settings.cache_clear()
        yield
    finally:
        private.kill()
        shutil.rmtree(folder, ignore_errors=True)


def following(all: Stores, cases: int, threads: int) -> dict[str, float]:
    """Whole cases heard one after the other, several cases at once."""
    worker = ReportingWorker(all)
    stories = [life(n).bodies() for n in range(1, cases + 1)]
    started, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda bodies: heard(worker, bodies), stories))
    seconds, events = time.perf_counter() - started, sum(map(len, stories))
    per_event = (time.process_time() - used) / events * 1000
    rate = round(events / seconds)
    return {"events": events, "per_second": rate, "our_cpu_ms_per_event": round(per_event, 3)}


def fill(rows: MongoRows, wanted: int) -> None:
    """Copies of the rows that are there, until there are as many as wanted."""
    chance = random.Random(7)
    patterns = list(rows.collection.find().limit(50))
    have = rows.collection.estimated_document_count()
    for n in range(have, wanted, BATCH):
        batch = [varied(chance.choice(patterns), m, chance) for m in range(n, min(n + BATCH, wanted))]
        rows.collection.insert_many(batch, ordered=False)


def varied(pattern: dict[str, Any], n: int, chance: random.Random) -> dict[str, Any]:
    """Another case of the same shape; one in eight is still open."""
    is_open = chance.random() < 0.125
    registered = MONDAY - timedelta(minutes=5 * n)
    changed = {
        "case_no": f"{COUNTY}-2026-{n:06d}",
        "region": f"{COUNTY}{chance.choice(TOWNS)}{chance.randrange(201, 212)}",
        "state": chance.choice(OPEN if is_open else ENDED[:3]),
        "category": chance.choice(CATEGORIES),
        "tier": chance.choice(("village", "village", "township", "county")),
        "lead_unit": f"committee_{chance.randrange(100)}",
        "registered_at": registered,
        "registered_day": registered.date().isoformat(),
        "next_due": minute(n) if is_open else None,
        "late_since": minute(-n) if is_open and chance.random() < 0.1 else None,
        "moved_at": registered,
    }
    return pattern | {"_id": ids.new(), "state": pattern["state"] | changed}


def counting(all: Stores) -> dict[str, float]:
    """Milliseconds of each look, the middle one of nine."""
    county, town = Wanted(region=COUNTY), Wanted(region=f"{COUNTY}101")
    still_open = Wanted(region=COUNTY, open=True)
    looks: dict[str, Callable[[], Any]] = {
        f"count_{by}": partial(all.rows.counted, by, county) for by in get_args(Dimension)
    }
    looks |= {
        "count_state_of_township": lambda: all.rows.counted("state", town),
        "count_open_by_state": lambda: all.rows.counted("state", still_open),
        "count_open_by_department": lambda: all.rows.counted("department", still_open),
        "count_late_by_region": lambda: all.rows.counted("region", Wanted(region=COUNTY, late=True)),
        "sittings_by_region": lambda: all.rows.sitting(county),
        "running_down_12": lambda: all.rows.running_down(still_open, MONDAY, 12),
        "late_12": lambda: all.rows.late(still_open, 12),
        "moved_12": lambda: all.rows.moved(county, 12),
        "list_50": lambda: all.rows.listed(county, 50),
        "list_50_of_one_category": lambda: all.rows.listed(Wanted(region=COUNTY, category="traffic"), 50),
    }
    return {name: round(statistics.median(_timed(look) for _ in range(9)), 1) for name, look in looks.items()}


def _timed(look: Callable[[], Any]) -> float:
    started = time.perf_counter()
    look()
    return (time.perf_counter() - started) * 1000


def run(around: Surroundings) -> dict[str, Any]:
    """The same among the others, on their database."""
    return measured(around.some(20_000), around.some(80))


def measured(rows: int, cases: int) -> dict[str, Any]:
    """Following and counting, on an empty database that is empty again afterwards."""
    all = store.stores()
    assert isinstance(all.rows, MongoRows) and isinstance(all.petitions, MongoPetitions)
    database = all.rows.collection.database
    database.client.drop_database(database.name)
    all.rows.prepare()
    all.petitions.prepare()
    found: dict[str, Any] = {"one_thread": following(all, cases, 1)}
    all.rows.collection.delete_many({})
    found["ten_threads"] = following(all, cases, 10)
    say(f"reporting: filling up to {rows} rows")
    fill(all.rows, rows)
    found |= {"rows": all.rows.collection.estimated_document_count(), "ms": counting(all)}
    database.client.drop_database(database.name)
    return found


@click.command()
@click.option("--rows", default=100_000, help="rows to count")
@click.option("--cases", default=200, help="cases to hear")
def main(rows: int, cases: int) -> None:
    """Measure and print."""
    with database():
        found = measured(rows, cases)
    show(found)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
