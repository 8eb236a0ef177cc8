"""The command that brings a county's map in: `yizhan grid load FILE --grids FILE`."""

from __future__ import annotations

from pathlib import Path

import click

from services.grid.handlers.importing import GRIDS, REGIONS, bring_in
from services.grid.model import Level
from services.grid.store import stores
from shared import clock
from shared.decision import Actor, Cause
from shared.errors import Refused

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
COMMAND = Actor(ref="command", role="sys_admin")


@click.group()
def grid() -> None:
    """网格：区划与网格。"""


@grid.command("load")
@click.argument("file", type=_FILE)
@click.option("--grids", type=_FILE, help="网格文件：grid_id,name,village,households,residents。")
def load(file: Path, grids: Path | None) -> None:
    """导入区划文件（code,name,parent,level），可同时导入网格；可重复执行。"""
    bad = _load(file, REGIONS)
    bad += _load(grids, GRIDS) if grids else 0
    if bad:
        raise SystemExit(1)


def _load(path: Path, levels: tuple[Level, ...]) -> int:
    """Bring one file in and say what became of it; the number of bad rows."""
    try:
        done = bring_in(
            stores(), path.read_bytes(), levels, Cause(at=clock.now(), actor=COMMAND), lambda code: True
        )
    except Refused as refused:
        raise click.ClickException(f"{path.name}：{refused.message}") from None
    click.echo(
        f"{path.name}：新增{done.added}，变更{done.changed}，不变{done.unchanged}，有误{len(done.bad)}"
    )
    for row in done.bad:
        click.echo(f"  第{row.line}行 {row.code}：{row.reason}", err=True)
    return len(done.bad)
