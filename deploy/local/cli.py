"""The command ``yizhan``: starts, stops and examines the suite here, and carries the commands of others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from importlib import import_module

import click
from rich.console import Console
from rich.table import Column, Table

from deploy.local import state
from deploy.local.environment import Incomplete, recorded
from deploy.local.home import here
from deploy.local.plan import SERVICES, topology

# Commands of other packages, "module:click command"; one that is not installed is left out.
COMMANDS = (
    "shared.bus.cli:bus",
    "shared.audit_cli:audit",
    "shared.vault_cli:vault",
    "shared.profile_cli:profile",
    "services.reporting.cli:reporting",
    "services.grid.cli:grid",
    "services.intake.cli:duplicates",
    "services.intake.triage_cli:triage",
    "deploy.local.adapter:adapter",
    "deploy.local.bundle:bundle",
)
STOP_WAIT, START_WAIT = 60.0, 240.0

console = Console(highlight=False)


class Lazy(click.Group):
    """Loads the commands of other packages only when somebody asks for them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(_name(target) for target in COMMANDS if _load(target))})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        own = super().get_command(ctx, name)
        return own or next((_load(target) for target in COMMANDS if _name(target) == name), None)


@click.group(cls=Lazy)
def main() -> None:
    """一站：一站式矛盾纠纷调处系统。本命令在本机启动、停止、检查它。"""


@main.command()
@click.option("--profile", type=click.Choice(["compact", "apart"]), default="compact", show_default=True,
              help="compact：一个网页进程和一个消息进程；apart：每个服务各自的进程。")  # fmt: skip
@click.option(
    "--replicas", multiple=True, metavar="服务=数量", help="apart 时的副本数，如 routing=3、intake.http=2。"
)
@click.option("--detach", is_flag=True, help="就绪后在后台继续运行，用 yizhan down 停止。")
def up(profile: str, replicas: tuple[str, ...], detach: bool) -> None:
    """启动全部服务；按 Ctrl-C 停止，数据保留。"""
    if detach:
        _detach(["up", "--profile", profile, *(word for r in replicas for word in ("--replicas", r))])
        return
    from deploy.local.servers import ServerFailed
    from deploy.local.supervise import NotReady
    from deploy.local.up import up as bring_up

    try:
        bring_up(here(), _say, "apart" if profile == "apart" else "compact", _counts(replicas))
    except state.AlreadyRunning:
        raise click.ClickException("已经在运行：yizhan status 查看，yizhan down 停止") from None
    except (NotReady, ServerFailed) as failure:
        raise click.ClickException(f"没有就绪：{failure}") from None
    except (Incomplete, ValueError) as wrong:
        raise click.UsageError(str(wrong)) from None


@main.command()
def down() -> None:
    """停止全部服务；数据保留。"""
    now = state.running(here().state)
    if now is None:
        _say("没有在运行")
        return
    os.kill(now.launcher.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_WAIT
    while now.launcher.alive:
        if time.monotonic() > deadline:
            raise click.ClickException(f"{STOP_WAIT:.0f} 秒后仍未停止：kill -9 {now.launcher.pid}")
        time.sleep(0.1)
    _say("已停止")


@main.command()
def status() -> None:
    """显示每个进程的状态。"""
    now = state.running(here().state)
    if now is None:
        _say("没有在运行")
        sys.exit(3)
    table = Table(Column("进程", no_wrap=True), "种类", "进程号", "重启", "启动时间", "状态")
    for process in now.processes:
        mark = "[green]运行[/]" if process.alive else "[red]等待重启[/]"
        table.add_row(
            process.name,
            process.kind,
            str(process.pid or ""),
            str(process.restarts),
            _local(process.since),
            mark,
        )
    console.print(table)
    ready = f"启动用时 {now.ready_after:.1f} 秒" if now.ready_after is not None else "正在启动"
    console.print(f"{now.url}（{now.profile}，{ready}）")


@main.command()
@click.argument("name", required=False)
@click.option("-f", "--follow", is_flag=True, help="持续显示新的日志。")
@click.option("-n", "--lines", default=50, show_default=True, help="每个进程先显示多少行。")
def logs(name: str | None, follow: bool, lines: int) -> None:
    """显示日志；NAME 是 yizhan status 里的进程名，省略则显示全部。"""
    folder = here().logs
    files = sorted(folder.glob(f"{name}.log" if name else "*.log"))
    if not files:
        raise click.ClickException(f"{folder} 中没有 {name or ''} 的日志")
    tail = ["tail", "-n", str(lines), *(["-F"] if follow else []), *(str(file) for file in files)]
    os.execvp("tail", tail)  # noqa: S606  (tail does this better than we would)


@main.command()
def doctor() -> None:
    """检查服务器、磁盘、密钥、时钟、队列和各服务，并说明怎么修复。"""
    from deploy.local.doctor import examine

    failed = 0
    for finding in examine(here(), _surroundings()):
        failed += not finding.ok
        mark = "[green]正常[/]" if finding.ok else "[red]异常[/]"
        console.print(f"{mark}  {finding.name}：{finding.detail}", soft_wrap=True)
        if not finding.ok:
            console.print(f"      处理：{finding.advice}", soft_wrap=True)
    sys.exit(1 if failed else 0)


@main.group("topology")
def topology_group() -> None:
    """消息服务器上的交换机、队列、绑定和策略。"""


@topology_group.command()
def apply() -> None:
    """按各服务的登记建立或更正交换机、队列、绑定和策略。"""
    sys.exit(subprocess.call([sys.executable, *topology("apply")], cwd=here().root, env=_surroundings()))


def _detach(words: list[str]) -> None:
    """Starts a launcher that does not belong to this terminal and waits until it is ready or gone."""
    home = here()
    home.logs.mkdir(parents=True, exist_ok=True)
    with (home.logs / "launcher.log").open("ab") as log:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.cli", *words],
            cwd=home.root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_WAIT
    while launcher.poll() is None and time.monotonic() < deadline:
        now = state.running(home.state)
        if now is not None and now.launcher.pid == launcher.pid and now.ready_after is not None:
            _say(f"已就绪，用时 {now.ready_after:.1f} 秒：{now.url}")
            return
        time.sleep(0.2)
    raise click.ClickException(f"没有就绪，日志：{home.logs / 'launcher.log'}")


def _counts(replicas: tuple[str, ...]) -> dict[str, int]:
    """routing=3 as a number per name."""
    counts = {}
    for given in replicas:
        name, _, number = given.partition("=")
        if not number.isdigit():
            raise click.UsageError(f"--replicas {given}：应写作 服务=数量，服务有 {'、'.join(SERVICES)}")
        counts[name] = int(number)
    return counts


def _surroundings() -> dict[str, str]:
    """What the running processes were given; this terminal's own variables have the last word."""
    return recorded(here()) | dict(os.environ)


def _load(target: str) -> click.Command | None:
    module, _, attribute = target.partition(":")
    os.environ.update(_surroundings())
    try:
        return getattr(import_module(module), attribute)  # type: ignore[no-any-return]
    except ModuleNotFoundError as absent:
        if absent.name and module.startswith(absent.name):
            return None
        raise


def _name(target: str) -> str:
    return target.rpartition(":")[2].replace("_", "-")


def _local(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone().strftime("%m-%d %H:%M:%S") if instant else ""


def _say(text: str) -> None:
    console.print(f"{datetime.now().astimezone():%H:%M:%S} {text}", soft_wrap=True)


if __name__ == "__main__":
    main()
