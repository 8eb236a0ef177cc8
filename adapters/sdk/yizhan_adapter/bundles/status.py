"""How a gate stands, in words for the person who minds it; and whether somebody must do something."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from yizhan_adapter.bundles.gate import Gate
from yizhan_adapter.bundles.keys import Ring
from yizhan_adapter.bundles.refusals import HARMLESS

CHINA = timezone(timedelta(hours=8))
DAY = 86_400.0
SIDES = {"centre": "中心一侧", "department": "部门一侧"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line; `bad` when a person must look."""

    text: str
    bad: bool = False


def lines(gate: Gate, ring: Ring, folder: str, patience_s: float) -> Iterator[Line]:
    """Everything there is to say of a gate; `patience_s` is how long something may wait."""
    now = time.time()
    yield Line(text=f"{gate.department}（{SIDES[ring.side]}）文件夹 {folder}")
    yield from _keys(ring, gate.db.fact("proven"))
    yield from _outward(gate, now, patience_s)
    yield from _inward(gate, now)
    yield from _refused(gate, now)


def _keys(ring: Ring, proven: str) -> Iterator[Line]:
    own = "、".join(key.card.id for key in ring.own)
    theirs = "、".join(card.id for card in ring.theirs)
    used = f"，签名用 {ring.signer(proven).card.id}" if ring.own else ""
    yield Line(text=f"密钥：本方 {own or '没有，先 keys make'}{used}", bad=not own)
    yield Line(text=f"密钥：对方 {theirs or '没有，先 keys trust'}", bad=not theirs)


def _outward(gate: Gate, now: float, patience_s: float) -> Iterator[Line]:
    waiting, oldest = gate.going.waiting()
    last, confirmed = gate.db.number("last"), gate.db.number("confirmed")
    yield Line(text=f"发出：编到第 {last} 号，对方收到第 {confirmed} 号")
    late = bool(oldest and now - oldest > patience_s)
    since = f"，最久的等了 {_span(now - oldest)}" if oldest else ""
    yield Line(text=f"在闸口等待过去的事项 {waiting} 件{since}", bad=late)
    if unread := gate.db.number("their_unread"):
        yield Line(text=f"对方的软件看不懂 {unread} 件：请对方升级", bad=True)


def _inward(gate: Gate, now: float) -> Iterator[Line]:
    last, missing = float(gate.db.fact("last_in") or 0), gate.missing()
    seen = f"{_span(now - last)}前" if last else "从来没有"
    yield Line(text=f"收进：到第 {gate.coming.have} 号为止；最近一次收到对方的包：{seen}")
    if missing:
        named = "、".join(map(str, missing[:20])) + ("…" if len(missing) > 20 else "")
        yield Line(text=f"缺第 {named} 号，已在回执里请对方重发", bad=True)
    if asked := int(gate.db.one("SELECT count(*) FROM questions WHERE next_at > 0")):
        yield Line(text=f"部门问中心的问题 {asked} 个还没有答复：看 YIZHAN_URL 能否访问", bad=True)
    if unread := gate.coming.unread():
        yield Line(text=f"本方软件看不懂 {unread} 件：升级后会自动再读", bad=True)


def _refused(gate: Gate, now: float) -> Iterator[Line]:
    found = gate.db.refusals(now - DAY)
    if found:
        yield Line(
            text=f"最近一天拒收 {len(found)} 份：", bad=any(code not in HARMLESS for _, _, code, _ in found)
        )
    for at, file, _, sentence in found[:20]:
        yield Line(text=f"  {_local(at)} {file} {sentence}")


def _span(seconds: float) -> str:
    minutes = int(max(0.0, seconds) / 60)
    if minutes < 120:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 2_880 else f"{minutes // 1_440} 天"


def _local(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(CHINA).strftime("%m-%d %H:%M")
