"""`yizhan reporting recount`: is what reporting shows what the owners have told?"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict

import click

from services.reporting.handlers import recounting
from services.reporting.store import aside, stores
from services.reporting.store.owners import HttpOwners
from services.reporting.worker import ReportingWorker
from shared.errors import Unavailable

UNREACHABLE = 2


@click.group()
def reporting() -> None:
    """报表：核对案件行与各服务保存的事件。"""


@reporting.command()
@click.option("--mend", is_flag=True, help="把不一致的行改成重算的结果。")
@click.option("--tries", default=5, show_default=True, help="有差异时最多重算几次（消息可能还在路上）。")
@click.option("--pause", default=2.0, show_default=True, help="两次重算之间等几秒。")
def recount(mend: bool, tries: int, pause: float) -> None:
    """从各服务保存的事件重算每一行，与现有结果逐行、逐数比较；有差异时以 1 结束。"""

    def once() -> recounting.Recount:
        return recounting.recount(stores(), aside(), HttpOwners(), ReportingWorker, mend=mend)

    try:
        found = recounting.settled(once, tries, lambda: time.sleep(pause))
    except Unavailable as silent:
        click.echo(silent.message, err=True)
        sys.exit(UNREACHABLE)
    click.echo(json.dumps(asdict(found), ensure_ascii=False))
    sys.exit(1 if found.differences else 0)
