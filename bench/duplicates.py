"""`make duplicates-scale`: how long it takes to find an earlier matter among a million, and what that costs.

Invented matters are sketched by every processor and laid into a real database of its own; then copies of
some of them, changed as people and scanners change them, are looked for as intake does it. In the same run a
search that compares every sketch, and the database's own text search over the plain words, do the same among
fewer matters. The last line is one JSON object; ends with 1 when a search is too slow or misses too much.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any

import psutil
from pymongo import MongoClient
from pymongo.database import Database

from bench.invented import COPIES, Matter, copies, matter
from bench.measure import latencies, percentile
from bench.surroundings import say
from deploy.local.environment import departments
from deploy.local.home import CHECKOUT, Home
from deploy.local.plan import SERVICES
from deploy.local.secrets import ensure
from deploy.local.servers import servers_in
from services.intake.handlers import likeness
from services.intake.handlers.likeness import Words
from services.intake.model.likeness import Sketched
from services.intake.rules.likeness.judging import Here, alike
from services.intake.rules.likeness.sketch import Hasher, pieces, sketch
from services.intake.store import Stores, memory_stores
from services.intake.store.sketches import MongoSketches, written
from shared.crypto import Key, Sealer
from shared.text import letters

SLOWEST, LEAST = 50.0, 0.9  # milliseconds at p95; part of the copies that is found
NOW = datetime(2026, 3, 10, tzinfo=UTC)
BEGAN = NOW - timedelta(days=350)  # a year of them: what is older counts for less
TOWNS = [f"9901011{n:02d}" for n in range(20)]
PART = 2_000
KEYS = Sealer({1: Key(id=1, cipher="sm4", secret=b"k" * 16)}, b"i" * 32)  # of this measurement alone


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say whether it is good enough."""
    parser = argparse.ArgumentParser("python -m bench.duplicates", description=__doc__)
    parser.add_argument("--matters", type=int, default=1_000_000)
    parser.add_argument("--lookups", type=int, default=600)
    parser.add_argument("--peers", type=int, default=50_000, help="matters the peers search among")
    parser.add_argument(
        "--keep", action="store_true", help="keep the database, and search it again next time"
    )
    wants = parser.parse_args(arguments)
    with database(keep=wants.keep) as (found, url, pid):
        told = measured(found, url, pid, wants.matters, wants.lookups, wants.peers)
    print(json.dumps(told))
    return 1 if told["search"]["p95_ms"] > SLOWEST or told["found"]["all"] < LEAST else 0


@contextmanager
def database(*, keep: bool) -> Iterator[tuple[Database[dict[str, Any]], str, int]]:
    """A database under var/ for this run; removed afterwards unless it is to be kept."""
    name = "duplicates" if keep else f"duplicates-{os.getpid()}"
    home = Home(root=CHECKOUT, var=CHECKOUT / "var" / name)
    ensure(home.secrets, SERVICES, departments(CHECKOUT, {}))
    private = servers_in(home, own_broker=False)
    try:
        private.start()
        assert private.mongod
        url = private.mongod.url
        yield MongoClient(url, tz_aware=True)["scale"], url, private.mongod.pid
    finally:
        private.stop()
        if not keep:
            shutil.rmtree(home.var, ignore_errors=True)


def measured(
    found: Database[dict[str, Any]], url: str, pid: int, matters: int, lookups: int, peers: int
) -> dict[str, Any]:
    """Fill, index, search, compare."""
    all = replace(memory_stores(), sketches=MongoSketches(found), sealer=KEYS)
    key = all.sealer.derived_key(likeness.PURPOSE)
    filled = timed(lambda: fill(url, key, matters)) if all.sketches.count() < matters else 0.0
    say(f"{matters} sketches in {filled:.0f} s; building the index …")
    indexed = timed(lambda: MongoSketches(found).prepare())
    say(f"indexed in {indexed:.0f} s; searching …")
    chosen = random.Random(1).sample(range(matters), max(1, lookups // len(COPIES)))
    database_used, own_used = _used(pid), time.process_time()
    spent, hits = searched(all, chosen)
    processor = {
        "own_ms": round((time.process_time() - own_used) / len(spent) * 1000, 1),
        "database_ms": round((_used(pid) - database_used) / len(spent) * 1000, 1),
    }
    size = found.command("collStats", "sketches")
    told = {
        "matters": matters,
        "filled_s": round(filled),
        "indexed_s": round(indexed),
        "data_mb": round(size["size"] / 2**20),
        "index_mb": round(size["totalIndexSize"] / 2**20),
        "database_rss_mb": round(psutil.Process(pid).memory_info().rss / 2**20),
        "search": latencies(spent) | {"searches": len(spent), "load": round(os.getloadavg()[0], 1)},
        "processor_per_search": processor,
        "found": {kind: round(sum(one) / len(one), 3) for kind, one in hits.items()},
        "write": latencies(kept(all, key, matters)),
    }
    told["found"]["all"] = round(sum(map(sum, hits.values())) / len(spent), 3)
    return told | {"peers": compared(found, all, peers)}


def _used(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def timed(do: Any) -> float:
    """Seconds that something takes."""
    began = time.monotonic()
    do()
    return time.monotonic() - began


def fill(url: str, key: bytes, matters: int) -> None:
    """Every processor sketches its share."""
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        parts = range(0, matters, PART)
        ends = [min(n + PART, matters) for n in parts]
        done = workers.map(filled, repeat(url), repeat(key), parts, ends)
        for n, _ in enumerate(done):
            if n % 25 == 0:
                say(f"{n * PART} …")


def filled(url: str, key: bytes, first: int, end: int) -> int:
    """Sketches of some matters, laid into the database."""
    hasher = Hasher(key=key)
    docs = [written(sketched(n, matter(n), hasher)) for n in range(first, end)]
    client: MongoClient[dict[str, Any]] = MongoClient(url, w=1)
    client["scale"]["sketches"].insert_many(docs, ordered=False)
    client.close()
    return len(docs)


def sketched(n: int, one: Matter, hasher: Hasher) -> Sketched:
    """A registered matter: one every half minute for a year, in twenty townships."""
    id = f"{n:08d}"
    return Sketched(
        reg_id=id, case_id=id, case_no=f"990101-2025-{n:06d}", region=TOWNS[n % len(TOWNS)], category=None,
        protected=False, at=BEGAN + timedelta(seconds=30 * n), group=id, scheme=hasher.scheme,
        sketch=sketch(one.title, one.text, hasher),
    )  # fmt: skip


def searched(all: Stores, chosen: Sequence[int]) -> tuple[list[float], dict[str, list[bool]]]:
    """How long each search took, from the words to the judged list, and whether the first was among ten."""
    spent: list[float] = []
    hits: dict[str, list[bool]] = {kind: [] for kind in COPIES}
    for n in chosen:
        for kind, copy in copies(matter(n), n):
            words = Words(title=copy.title, text=copy.text, region=TOWNS[n % len(TOWNS)], at=NOW)
            began = time.perf_counter()
            looked = likeness.look(all, words)
            spent.append(time.perf_counter() - began)
            hits[kind].append(any(one.found.reg_id == f"{n:08d}" for one in looked.found[:10]))
    return spent, hits


def kept(all: Stores, key: bytes, matters: int) -> list[float]:
    """How long one more sketch takes to be kept."""
    hasher, spent = Hasher(key=key), []
    for n in range(matters, matters + 200):
        one = sketched(n, matter(n), hasher)
        spent.append(timed(lambda one=one: all.sketches.keep([one])))
    return spent


# ── peers ───────────────────────────────────────────────────────────────────────────────────────


def compared(found: Database[dict[str, Any]], all: Stores, matters: int) -> dict[str, Any]:
    """The same searches by comparing everything, and by the database's text search over plain words."""
    chosen = random.Random(2).sample(range(matters), 20)
    return {
        "matters": matters,
        "comparing_every_sketch": everything(found, all, chosen, matters),
        "text_search_of_the_database": text_search(found, chosen, matters),
    }


def everything(
    found: Database[dict[str, Any]], all: Stores, chosen: Sequence[int], matters: int
) -> dict[str, Any]:
    """All sketches of the first matters in memory, each compared with the copy."""
    few = min(matters, 5_000)
    known = list(all.sketches.several([f"{n:08d}" for n in range(few)]).values())
    hasher = likeness.hasher(all.sealer)
    spent = []
    for n in chosen[:5]:
        copy = dict(copies(matter(n), n))["typos"]
        here = Here(sketch=sketch(copy.title, copy.text, hasher), region=TOWNS[0], at=NOW)
        spent.append(timed(lambda here=here: [alike(here, one) for one in known]))
    each = percentile(spent, 50) / len(known)
    return {"compared": len(known), "ms_among_a_million": round(each * 1e6 * 1000)}


def text_search(found: Database[dict[str, Any]], chosen: Sequence[int], matters: int) -> dict[str, Any]:
    """Pairs of signs as words, because the database knows no Chinese; the plain words lie open in it."""
    place = found["plain"]
    place.drop()
    for first in range(0, matters, PART):
        several = [(n, matter(n)) for n in range(first, min(first + PART, matters))]
        place.insert_many({"_id": f"{n:08d}", "w": _words(one)} for n, one in several)
    indexed = timed(lambda: place.create_index([("w", "text")], default_language="none"))
    spent, hits = [], []
    for n in chosen:
        for _, copy in copies(matter(n), n):
            began = time.perf_counter()
            score = {"$meta": "textScore"}
            top = place.find({"$text": {"$search": _words(copy)}}, {"_id": 1, "s": score})
            ids = [doc["_id"] for doc in top.sort([("s", score)]).limit(10)]
            spent.append(time.perf_counter() - began)
            hits.append(f"{n:08d}" in ids)
    size = found.command("collStats", "plain")["totalIndexSize"]
    return latencies(spent) | {
        "found": round(sum(hits) / len(hits), 3),
        "indexed_s": round(indexed),
        "index_mb": round(size / 2**20),
    }


def _words(one: Matter) -> str:
    return " ".join(pieces(letters(one.title + one.text), 2))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
