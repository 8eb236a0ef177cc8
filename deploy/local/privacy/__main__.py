"""`python -m deploy.local.privacy`: searches everything a demo leaves behind for what its people gave.

Without a demo's data it runs one first. Then the suite is started on those data, provoked into errors, and
every database, queue, definition, metric, log, file and answer is searched; after that leaks are planted and
searched for in the same way, which shows that the search can fail. One line of JSON to standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from deploy.local.demo.suite import HOME, resumed
from deploy.local.demo.web import Web
from deploy.local.home import CHECKOUT
from deploy.local.privacy import provoking, vault
from deploy.local.privacy.needles import Haystack, Needle, needles, without_public
from deploy.local.privacy.places import Broker, Place, databases, files, pages
from deploy.local.privacy.planting import Garden, Plant, planted
from deploy.local.privacy.provoking import Visitors
from deploy.local.privacy.searching import Finding, search
from deploy.local.state import State
from shared.crypto import sealer
from shared.settings import settings

OUTSIDE = ("mongod/", "secrets/", "simulator_", "run/lock")
"""Not searched as files: the database's own (searched through it), the keys, and what pretends to be
the departments' own systems, which are given names on purpose."""
PUBLIC = ("profiles/*.yaml", "examples/divisions.csv", "examples/grids.csv")


@dataclass
class Look:
    """One search of one running suite."""

    now: State
    haystack: Haystack
    sizes: Counter[str] = field(default_factory=Counter)
    answers: list[Place] = field(default_factory=list)

    def places(self) -> Iterator[Place]:
        """Everything that is left behind, the answers to wrong requests first: they write logs."""
        yield from self.answers
        yield from databases(settings().mongo_url)
        yield from Broker(settings().amqp_api).places()
        yield from pages(self._pages())
        yield from files(HOME.var, without=OUTSIDE)

    def search(self, places: Iterator[Place]) -> set[Finding]:
        """What was found, with the sizes noted."""
        return search(places, self.haystack, self._seen)

    def _seen(self, place: Place, size: int) -> None:
        self.sizes[place.name] = size

    def _pages(self) -> dict[str, str]:
        own = {
            probe: probe.replace("readyz", "metrics").replace("healthz", "metrics")
            for probe in self.now.probes
        }
        port = json.loads(HOME.ports.read_text())["amqp_metrics"]
        return own | {"broker": f"http://127.0.0.1:{port}/metrics/per-object"}


@click.command()
@click.option("--fresh", is_flag=True, help="先重新跑一遍演示")
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="演示用的文件")
def main(fresh: bool, data: Path | None) -> None:
    """在演示留下的一切里查找当事人给过的姓名、号码、住址和任意十二个字。"""
    began = time.monotonic()
    if fresh or data or not (HOME.var / "accepted.jsonl").exists():
        _demo(data)
    with resumed("compact") as now:
        result = _examined(now)
    click.echo(json.dumps(result | {"seconds": round(time.monotonic() - began, 1)}, ensure_ascii=False))
    sys.exit(1 if result["findings"] or result["planted_found"] != result["planted"] else 0)


def _demo(data: Path | None) -> None:
    words = ["--data", str(data)] if data else []
    command = [sys.executable, "-m", "deploy.local.demo", *words]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise SystemExit("演示没有成功，先看演示的输出")


def _examined(now: State) -> dict[str, object]:
    sought = _sought()
    look = Look(now, Haystack(sought))
    chosen = _chosen(sought)
    say(f"{len(sought)} 个要找的词，{dict(Counter(needle.kind for needle in sought))}")
    cast = Visitors(Web(now.url), HOME.secrets)
    words = {kind: needle.words for kind, needle in chosen.items()}
    for n, answer in enumerate(provoking.provoked(now.url, cast, words)):
        look.answers.append(Place(f"answer/{n} {answer.where}", lambda a=answer: iter([a.content])))  # type: ignore[misc]
    say(f"{len(look.answers)} 个故意做错的请求")
    found = look.search(look.places())
    _tell(look, found)
    places = len(look.sizes)
    plants, again = _with_plants(look, chosen)
    missed = [plant for plant in plants if not _is_found(plant, again - found)]
    for plant in missed:
        say(f"没有找到埋下的：{plant.kind} {plant.place}")
    return {
        "places": places,
        "findings": len(found),
        "planted": len(plants),
        "planted_found": len(plants) - len(missed),
        "kinds": sorted({plant.kind for plant in plants}),
        "needles": len(sought),
        "bytes": sum(look.sizes.values()),
    }


def _sought() -> list[Needle]:
    public = [path.read_bytes() for pattern in PUBLIC for path in CHECKOUT.glob(pattern)]
    return without_public(needles(vault.given(settings(), sealer())), public)


def _chosen(sought: list[Needle]) -> dict[str, Needle]:
    """One of each kind, to plant and to provoke with; of a kind nobody gave, a text stands in."""
    by_kind = {needle.kind: needle for needle in reversed(sought)}
    text = by_kind["text"]
    return {kind: by_kind.get(kind, text) for kind in ("name", "phone", "id_no", "address", "text")}


def _with_plants(look: Look, chosen: dict[str, Needle]) -> tuple[list[Plant], set[Finding]]:
    """The leaks, and what is found in the kinds of places they are in."""
    now = settings()
    garden = Garden(now.mongo_url, now.db_prefix, now.amqp_api, HOME.var, chosen)
    with planted(garden) as plants:
        time.sleep(METRICS)
        look.answers = list(garden.answers())
        wanted = {plant.place for plant in plants}
        return plants, look.search(place for place in look.places() if place.name in wanted)


METRICS = 6.0  # seconds until the broker's metrics know a new queue


def _is_found(plant: Plant, found: set[Finding]) -> bool:
    return Finding(plant.place, plant.needle) in found or any(
        finding.place == plant.place and finding.needle.kind == plant.needle.kind for finding in found
    )


def _tell(look: Look, found: set[Finding]) -> None:
    kinds = Counter(name.partition("/")[0] for name in look.sizes)
    say(f"查了 {len(look.sizes)} 处 {dict(kinds)}，{sum(look.sizes.values()) / 2**20:.0f} MB")
    for (place, kind), n in Counter((f.place, f.needle.kind) for f in found).most_common(40):
        one = next(f.needle for f in found if f.place == place and f.needle.kind == kind)
        say(f"泄露：{place} {n} 个，如 {one.masked}")


def say(text: str) -> None:
    """For people, to standard error."""
    click.echo(text, err=True)


if __name__ == "__main__":
    os.environ.setdefault("YIZHAN_VAR", str(HOME.var))
    main()
