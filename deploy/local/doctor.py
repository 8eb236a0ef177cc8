"""Looks at everything the suite stands on, and says for each finding what to do."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local import bootstrap, secrets, state
from deploy.local.home import Home
from deploy.local.management import Management
from deploy.local.plan import topology
from deploy.local.up import answers

ENOUGH_DISK = 3_000_000_000  # the broker stops taking messages below two
MISBEHAVING = tuple(f"3.13.{patch}" for patch in range(3))  # drop messages as cycles, rabbitmq-server 11159
FAILURES = (OSError, ValueError, KeyError, httpx.HTTPError, PyMongoError, subprocess.SubprocessError)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the report; ``advice`` says what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


Look = Callable[[Home, Mapping[str, str]], Finding]


def examine(home: Home, surroundings: Mapping[str, str]) -> Iterator[Finding]:
    """All findings, one after the other; a look that fails is a finding too."""
    for look in LOOKS:
        try:
            yield look(home, surroundings)
        except FAILURES as error:
            yield Finding(name=look.__doc__ or "", ok=False, detail=_plainly(error), advice="yizhan up")


def _packages(home: Home, _: Mapping[str, str]) -> Finding:
    """Python 依赖"""
    stamp = bootstrap.VENV / bootstrap.LOCK_STAMP
    now = bootstrap.fingerprint([home.root / "requirements.lock"])
    same = not stamp.exists() or stamp.read_text() == now  # absent: an environment that somebody else made
    version = sys.version.split()[0]
    return Finding(
        name="Python 依赖",
        ok=same and sys.version_info >= (3, 11),
        detail=version,
        advice="make up 会重新安装",
    )


def _disk(home: Home, _: Mapping[str, str]) -> Finding:
    """磁盘空间"""
    free = shutil.disk_usage(home.var if home.var.exists() else home.root).free
    return Finding(
        name="磁盘空间",
        ok=free >= ENOUGH_DISK,
        detail=f"可用 {free / 1e9:.1f} GB",
        advice="少于 2 GB 时消息服务器停止收消息，请清理磁盘",
    )


def _secrets(home: Home, surroundings: Mapping[str, str]) -> Finding:
    """密钥文件权限"""
    folder = Path(surroundings.get("YIZHAN_SECRETS", home.secrets))
    open_ones = secrets.exposed(folder)
    return Finding(
        name="密钥文件权限",
        ok=not open_ones,
        detail="仅本人可读" if not open_ones else "、".join(open_ones),
        advice=f"chmod -R go= {folder}",
    )


def _clock(home: Home, surroundings: Mapping[str, str]) -> Finding:
    """共享时钟"""
    file = Path(surroundings.get("YIZHAN_CLOCK", home.clock))
    (ahead,) = struct.unpack("<d", file.read_bytes())
    return Finding(
        name="共享时钟", ok=True, detail="与系统时间一致" if ahead == 0 else f"比系统时间快 {ahead:.0f} 秒"
    )


def _broker(_: Home, surroundings: Mapping[str, str]) -> Finding:
    """消息服务器"""
    overview = Management(surroundings["AMQP_API"], timeout=5).get("/overview")
    version = overview["rabbitmq_version"]
    return Finding(
        name="消息服务器",
        ok=version not in MISBEHAVING,
        detail=f"RabbitMQ {version}，Erlang {overview['erlang_version']}",
        advice="3.13.0 至 3.13.2 会丢消息，请换用 3.10.8 或 4.2 以上版本",
    )


def _database(_: Home, surroundings: Mapping[str, str]) -> Finding:
    """数据库"""
    with MongoClient[dict[str, object]](
        surroundings["MONGO_URL"], serverSelectionTimeoutMS=3000
    ) as client:  # fmt: skip
        version = client.admin.command("buildInfo")["version"]
        primary = client.admin.command("hello")
    return Finding(
        name="数据库",
        ok=bool(primary.get("setName") and primary.get("isWritablePrimary")),
        detail=f"MongoDB {version}，复制集 {primary.get('setName', '无')}",
        advice="MONGO_URL 必须指向复制集（单机也可以），否则没有多数写确认和变更流",
    )


def _processes(home: Home, _: Mapping[str, str]) -> Finding:
    """进程"""
    now = state.running(home.state)
    if now is None:
        return Finding(name="进程", ok=False, detail="没有启动", advice="make up")
    down = [process.name for process in now.processes if not process.alive]
    restarts = sum(process.restarts for process in now.processes)
    return Finding(
        name="进程",
        ok=not down,
        detail="、".join(down) + " 未运行" if down else f"{len(now.processes)} 个，重启过 {restarts} 次",
        advice=f"看日志：yizhan logs {down[0] if down else ''}",
    )


def _readiness(home: Home, _: Mapping[str, str]) -> Finding:
    """服务就绪"""
    now = state.running(home.state)
    probes = now.probes if now is not None else ()
    deaf = [address for address in probes if not answers(address)]
    detail = f"{len(probes)} 个就绪检查通过" if not deaf else "、".join(deaf)
    return Finding(name="服务就绪", ok=bool(probes) and not deaf, detail=detail, advice="yizhan logs http")


def _topology(home: Home, surroundings: Mapping[str, str]) -> Finding:
    """交换机和队列"""
    looked = subprocess.run(
        [sys.executable, *topology("doctor")],
        cwd=home.root,
        env=dict(surroundings),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    last = (looked.stderr.strip() or "完整").splitlines()[-1]
    return Finding(
        name="交换机和队列", ok=looked.returncode == 0, detail=last, advice="yizhan topology apply"
    )


def _plainly(error: Exception) -> str:
    """The error in one line, without addresses that carry passwords."""
    text = str(error).splitlines()[0] if str(error) else ""
    short = text.partition(" (")[0][:160]
    return type(error).__name__ if "@" in short or not short else f"{type(error).__name__}: {short}"


LOOKS: tuple[Look, ...] = (
    _packages, _disk, _secrets, _clock, _broker, _database, _processes, _readiness, _topology,
)  # fmt: skip
