"""`yizhan duplicates`: how far the sketches are by which the same matter is found, and making them anew."""

from __future__ import annotations

import json
from collections.abc import Callable

import click

from services.intake.handlers import likeness
from services.intake.store import Stores, stores
from shared import clock

SLICE = 2.0  # seconds between two lines of progress


@click.group()
def duplicates() -> None:
    """重复事项：查重用的指纹（不含任何文字）。"""


@duplicates.command()
@click.option("--anew", is_flag=True, help="先清空再全部重做；不加时只补缺的和旧密钥的。")
def rebuild(anew: bool) -> None:
    """补做或重做指纹；中断后再次执行会接着做，运行中的系统不必停。"""
    if anew:
        stores().sketches.clear()
    click.echo(json.dumps(rebuilt(stores(), lambda line: click.echo(line, err=True))))


def rebuilt(all: Stores, say: Callable[[str], None], slice: float = SLICE) -> dict[str, int]:
    """Go through all registrations, from where somebody stopped; what was seen and what was made."""
    seen = made = 0
    while True:
        done = likeness.catch_up(all, clock.now(), slice)
        seen, made = seen + done.seen, made + done.made
        say(f"已核对 {seen} 件，补做 {made} 件")
        if done.done:
            return {"seen": seen, "made": made, "sketches": all.sketches.count()}


@duplicates.command()
def status() -> None:
    """有多少指纹，核对到哪一件。"""
    all = stores()
    place = all.sketches.progress(likeness.hasher(all.sealer).scheme)
    click.echo(json.dumps({"sketches": all.sketches.count(), "checked_up_to": str(place) if place else None}))
