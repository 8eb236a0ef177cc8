"""`yizhan bus …`: look into the park and let messages out again, or discard them with two people's names.

And what the broker refused of a service's outbox: look at it, put it back.
"""

from __future__ import annotations

import getpass
import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from shared import clock
from shared.bus import aside, parked
from shared.bus.replay import Replayer
from shared.database import open_database

console = Console()


@click.group()
def bus() -> None:
    """消息总线：查看与处置停放的消息。"""
    parked.open_park()


@bus.group("parked")
def shelf() -> None:
    """停放区：反复失败或无法识别的消息，永不过期。"""


@shelf.command("list")
@click.option("--state", default="parked", show_default=True, help="状态")
@click.option("--limit", default=50, show_default=True, help="最多显示多少条")
def list_(state: str, limit: int) -> None:
    """逐条列出。"""
    table = Table("编号", "队列", "类型", "次数", "错误", "停放于", title=f"停放的消息（{state}）")
    for p in parked.Parked.objects(state=state).order_by("-last_at")[:limit]:
        table.add_row(p.id, p.queue, p.type or "（无法识别）", str(p.attempts), p.error, _time(p.last_at))
    console.print(table if table.row_count else "停放区是空的。")


@shelf.command()
def groups() -> None:
    """按队列、类型、错误分组，多的在前。"""
    table = Table("组", "队列", "类型", "错误", "条数", "最早", "最近", title="停放的消息，按原因分组")
    for g in parked.groups():
        table.add_row(
            g["group"],
            g["queue"],
            g["type"] or "（无法识别）",
            g["error"],
            str(g["n"]),
            _time(g["since"]),
            _time(g["last"]),
        )
    console.print(table if table.row_count else "停放区是空的。")


@shelf.command()
@click.argument("id")
def show(id: str) -> None:
    """看一条的全部内容和经过。"""
    found = parked.one(id)
    console.print_json(json.dumps(found.to_mongo().to_dict(), ensure_ascii=False, default=_text))


@shelf.command()
@click.argument("id")
def replay(id: str) -> None:
    """原样送回原队列再处理一次（编号不变，不会重复生效）。"""
    Replayer(getpass.getuser()).replay(parked.one(id))
    console.print("已送回。")


@shelf.command("replay-group")
@click.argument("group")
@click.option("--limit", default=0, help="最多送回多少条，0 为全部")
@click.option("--rate", default=20.0, show_default=True, help="每秒条数")
def replay_group(group: str, limit: int, rate: float) -> None:
    """把一组全部送回。"""
    records = parked.of_group(group)
    sent = Replayer(getpass.getuser()).replay_all(records[: limit or None], rate)
    console.print(f"已送回 {sent} 条。")


@shelf.command()
@click.argument("id")
def edit(id: str) -> None:
    """修改内容后作为新消息送回（新编号，注明原消息）。"""
    found = parked.one(id)
    before = json.loads(bytes(found.body))["data"]
    text = click.edit(json.dumps(before, ensure_ascii=False, indent=2), extension=".json")
    if text is None or json.loads(text) == before:
        console.print("没有改动。")
        return
    Replayer(getpass.getuser()).replay(found, parked.edited(found, json.loads(text)))
    console.print("已作为新消息送回。")


@shelf.command()
@click.argument("id")
@click.option("--reason", required=True, help="为什么可以不要它")
@click.option("--second", required=True, help="第二人姓名代号")
def discard(id: str, reason: str, second: str) -> None:
    """不再处理，按顺序等它的也不再等；须有理由和第二人。记录保留。"""
    if second == getpass.getuser():
        raise click.UsageError("第二人不能是本人。")
    if not Replayer(getpass.getuser()).discard(parked.one(id), second, reason):
        raise click.ClickException("它刚刚又被停放了一次，请再看一看。")
    console.print("已不再处理，记录保留。")


@bus.group("aside")
def tray() -> None:
    """搁置区：各服务发件箱里消息中间件拒收的条目。"""


@tray.command("list")
@click.argument("service")
def list_aside(service: str) -> None:
    """列出一个服务的搁置条目，如 routing。"""
    table = Table("编号", "发往", "键", "所属", "字节", title=f"{service} 搁置的条目")
    for e in aside.lying(open_database(service)):
        owner = f"{e['collection']}/{e['aggregate']}"
        table.add_row(e["_id"], e["dest"], e["key"], owner, str(len(e["body"])))
    console.print(table if table.row_count else "没有搁置的条目。")


@tray.command("return")
@click.argument("service")
@click.argument("ids", nargs=-1)
def return_(service: str, ids: tuple[str, ...]) -> None:
    """放回发件箱再发；不写编号即全部放回。"""
    database = open_database(service)
    entries = [e for e in aside.lying(database) if not ids or e["_id"] in ids]
    for entry in entries:
        aside.give_back(database, entry, clock.now())
    console.print(f"已放回 {len(entries)} 条。")


def _time(at: Any) -> str:
    return f"{clock.local(at):%m-%d %H:%M:%S}"


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
