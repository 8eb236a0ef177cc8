"""The command line of a gate; at the centre it is `yizhan bundle …`.

python -m yizhan_adapter.bundles keys make court            a new key of our own, and its card
python -m yizhan_adapter.bundles keys show court            the card again, to be carried to the other side
python -m yizhan_adapter.bundles keys trust court CARD --fingerprint 1a2b-…    their card, read by telephone
python -m yizhan_adapter.bundles keys drop court ID         a key is not used or believed any more
python -m yizhan_adapter.bundles status court               how it stands; status 1 when somebody must look
python -m yizhan_adapter.bundles import court               take in what lies in `in`, once
python -m yizhan_adapter.bundles export court               write what is due into `out`, once
python -m yizhan_adapter.bundles run court                  the centre's ferry, until stopped
python -m yizhan_adapter.bundles begin-again court          number anew, after the memory was set back

In the department's network the adapter itself minds the folders (`ADAPTER_TRANSPORT=bundles`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, get_args

from yizhan_adapter import logs, page
from yizhan_adapter import settings as adapters
from yizhan_adapter.bundles import ferry, keys, status
from yizhan_adapter.bundles.questions import Answering
from yizhan_adapter.bundles.settings import GateSettings, read
from yizhan_adapter.disclosures import Vault
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.link import Link, connector
from yizhan_adapter.run import SILENCE, alone, stop_on_signals

UNSAFE = 78  # EX_CONFIG, as the adapter's own command line

Order = Callable[[GateSettings, argparse.Namespace], int]


def _make(settings: GateSettings, options: argparse.Namespace) -> int:
    keys.save(settings.keys, settings.ring().make())
    return _show(settings, options)


def _show(settings: GateSettings, options: argparse.Namespace) -> int:
    ring = settings.ring()
    if not ring.own:
        raise Misconfigured("还没有本方密钥：先执行 keys make")
    sys.stdout.write(keys.card_text(ring.own[-1].card))
    return 0


def _trust(settings: GateSettings, options: argparse.Namespace) -> int:
    card = keys.read_card(Path(options.card).read_text(encoding="utf-8"))
    if options.fingerprint.replace(" ", "").lower() != card.fingerprint:
        raise Misconfigured(f"指纹不符：名片的指纹是 {card.fingerprint}。请用电话与对方核对，不符就不要登记")
    keys.save(settings.keys, settings.ring().trust(card))
    sys.stdout.write(f"已登记对方密钥 {card.id}\n")
    return 0


def _drop(settings: GateSettings, options: argparse.Namespace) -> int:
    keys.save(settings.keys, settings.ring().drop(options.key))
    sys.stdout.write(f"已停用密钥 {options.key}\n")
    return 0


def _status(settings: GateSettings, options: argparse.Namespace) -> int:
    found = list(
        status.lines(settings.gate(), settings.ring(), str(settings.folder), 4 * settings.limits.again_s)
    )
    sys.stdout.writelines(f"{'!' if line.bad else ' '} {line.text}\n" for line in found)
    return 1 if any(line.bad for line in found) else 0


def _import(settings: GateSettings, options: argparse.Namespace) -> int:
    counts = settings.traffic().take_in()
    taken, repeated, refused = (counts[name] for name in ("taken", "repeated", "refused"))
    sys.stdout.write(f"收进 {taken} 份，重复 {repeated} 份，拒收 {refused} 份\n")
    return 1 if refused else 0


def _export(settings: GateSettings, options: argparse.Namespace) -> int:
    sys.stdout.write(f"写出 {settings.traffic().send_out()} 份\n")
    return 0


def _begin_again(settings: GateSettings, options: argparse.Namespace) -> int:
    settings.gate().begin_again()
    sys.stdout.write("已开始新的序列：没有回执的事项会重新编号发出\n")
    return 0


def _run(settings: GateSettings, options: argparse.Namespace) -> int:
    if settings.side != "centre":
        raise Misconfigured("部门一侧由适配器自己收发：ADAPTER_TRANSPORT=bundles")
    logs.set_up(os.environ.get("LOG_LEVEL", "INFO"))
    lock, stop = alone(settings.memory), stop_on_signals()
    mailbox = ferry.mailbox(settings, adapters.mailbox_name())
    link = Link(mailbox, connector(adapters.broker_url(settings.department)), stop)
    if options.health:
        page.serve(options.health, _page(settings, link))
    ferry.serve(link, settings.traffic(), Answering(settings.gate(), _vault(settings.department)), stop)
    lock.close()
    return 0


def _page(settings: GateSettings, link: Link) -> page.Page:
    """The same page as an adapter's, with a memory of its own thread."""
    burden = ferry.AtTheGate(settings.gate()).burden
    return page.Page(department=settings.department, link=link, burden=burden, silence=SILENCE)


def _vault(department: str) -> Vault | None:
    """The centre's vault, as the department itself would ask it."""
    centre = os.environ.get("YIZHAN_URL") or os.environ.get("BASE_URL", "")
    return Vault(centre, department, partial(adapters.secret, department)) if centre else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yizhan_adapter.bundles", description="网闸摆渡：成包的交办与答复")
    given = os.environ.get("GATE_SIDE", "department")
    parser.add_argument(
        "--side", default=given, choices=get_args(keys.Side), help="centre：中心；department：部门"
    )
    commands = parser.add_subparsers(required=True)
    for order in (_status, _import, _export, _run, _begin_again):
        _order(commands, order)
    ring = commands.add_parser("keys", help="密钥：make 生成、show 出示名片、trust 登记对方、drop 停用")
    words = ring.add_subparsers(required=True)
    for order in (_make, _show, _trust, _drop):
        _order(words, order)
    return parser


def _order(commands: Any, order: Order) -> None:
    sub = commands.add_parser(order.__name__.lstrip("_").replace("_", "-"))
    sub.set_defaults(command=order)
    sub.add_argument("department", help="部门代码，如 court")
    if order is _run:
        sub.add_argument("--health", default="", help="host:port，健康与指标页")
    if order is _trust:
        sub.add_argument("card", help="对方的名片文件")
        sub.add_argument("--fingerprint", required=True, help="用电话核对过的指纹")
    if order is _drop:
        sub.add_argument("key", help="密钥编号")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(read(options.department, options.side), options))
    except (Misconfigured, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return UNSAFE


if __name__ == "__main__":
    sys.exit(main())
