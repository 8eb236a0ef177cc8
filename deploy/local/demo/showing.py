"""What the demo shows: bars while it works, a table and one line of JSON at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from deploy.local.demo.life import Life

STATES = {
    "registered": "已登记",
    "triaged": "已分类",
    "assigned": "已交办",
    "accepted": "已接件",
    "handling": "办理中",
    "mediating": "调解中",
    "agreed": "已达成协议",
    "resolved": "办理完毕",
    "verified": "已核查",
    "closed": "已办结",
    "suspended": "中止",
    "escalating": "上报中",
    "referred_out": "已引导外部途径",
    "withdrawn": "已撤回",
    "not_accepted": "不予受理",
    "merged": "已并案",
}
TIERS = {"village": "村", "township": "乡镇", "county": "县", "county_leader": "县领导"}

console = Console(stderr=True, highlight=False)


@contextmanager
def bar(words: str, total: int) -> Iterator[Any]:
    """A progress bar; the value is advanced by calling it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(words, total=total)

        def moved(n: int = 1, to: int | None = None) -> None:
            progress.update(task, completed=to) if to is not None else progress.advance(task, n)

        yield moved


def say(words: str) -> None:
    """One line for people."""
    console.print(words)


def table(cases: Iterable[dict[str, Any]]) -> None:
    """How many cases stand where: by state and tier, and by department."""
    found = list(cases)
    _by("状态", Counter((STATES.get(c["state"], c["state"]), c["tier"]) for c in found))
    _by("牵头单位", Counter((c.get("lead_unit") or "（未交办）", c["tier"]) for c in found), most=15)


def _by(title: str, counts: Counter[tuple[str, str]], most: int = 99) -> None:
    rows: dict[str, Counter[str]] = {}
    for (name, tier), n in counts.items():
        rows.setdefault(name, Counter())[tier] += n
    shown = Table(title, *TIERS.values(), "合计")
    for name, tiers in sorted(rows.items(), key=lambda row: -row[1].total())[:most]:
        shown.add_row(name, *(str(tiers[tier] or "") for tier in TIERS), str(tiers.total()))
    console.print(shown)


def waiting(lives: Iterable[Life]) -> dict[str, int]:
    """Why lives have not ended, and how many of each."""
    left = [life for life in lives if life.state != "closed"]
    return dict(Counter(_why(life) for life in left))


def _why(life: Life) -> str:
    if life.refused:
        return f"{life.state}: refused {life.refused.partition(': ')[2][:60]}"
    return life.state if life.ended else f"{life.state}: {life.waiting}"
