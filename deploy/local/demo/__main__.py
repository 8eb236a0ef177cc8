"""`python -m deploy.local.demo`: the main job from end to end, with an oracle that counts losses and doubles.

The suite is started fresh under var/demo; the driver uses nothing but its public addresses. Progress and
tables go to standard error, one line of JSON to standard output.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from deploy.local.demo import days, parcels, plot, sabotage, showing
from deploy.local.demo.bringing import Bringer, Parcel, bring_map
from deploy.local.demo.cast import Cast
from deploy.local.demo.killer import Killer
from deploy.local.demo.life import Life, Stage
from deploy.local.demo.oracle import Accepted, Oracle, Verdict
from deploy.local.demo.quiet import Quiet
from deploy.local.demo.suite import HOME, memory_mb, offices, running
from deploy.local.demo.web import Web
from deploy.local.offices import DEPARTMENTS
from shared.clock import local


@dataclass
class Show:
    """One run of the demo."""

    web: Web
    cast: Cast
    killer: Killer
    started: float

    def run(self, files: Sequence[Parcel], spoil: str) -> tuple[dict[str, Any], list[Life]]:
        """Bring in, live through, wait for quiet, judge."""
        self.killer.start()
        lives, rejected = self._bring(files)
        accepted = self._note(lives)
        quiet = Quiet(self.web, self.cast)
        self._live(lives, quiet)
        self.killer.finish()
        with showing.bar("等待消息全部送达", 1) as moved:
            quiet.wait()
            moved()
        if spoil:
            sabotage.spoil(spoil, lives[0].case_id)
        verdict = self._judge(accepted)
        return self._result(lives, rejected, verdict, quiet), lives

    def _bring(self, files: Sequence[Parcel]) -> tuple[list[Life], int]:
        bring_map(self.web, self.cast, parcels.EXAMPLES)
        bringer, rejected = Bringer(self.web, self.cast, plot.planned(parcels.EXAMPLES)), 0
        for parcel in files:
            with showing.bar(f"导入 {parcel.path.name}", 100) as moved:
                rejected += bringer.bring(parcel, lambda at, of: moved(to=at))  # called at once
        return bringer.lives(), rejected

    def _note(self, lives: Sequence[Life]) -> Accepted:
        accepted = Accepted(HOME.var / "accepted.jsonl")
        for life in lives:
            accepted.note(reg_id=life.reg_id, case_id=life.case_id, case_no=life.case_no)
        return accepted

    def _live(self, lives: Sequence[Life], quiet: Quiet) -> None:
        stage = Stage(web=self.web, cast=self.cast, answering=frozenset(DEPARTMENTS))
        with showing.bar("办理", len(lives)) as moved:
            days.until_quiet(
                lives, stage, quiet.still, moved, lambda at: showing.say(f"  {local(at):%Y-%m-%d %H:%M} 上班")
            )

    def _judge(self, accepted: Accepted) -> Verdict:
        noted = accepted.all()
        with showing.bar("核对每一件", len(noted)) as moved:
            return Oracle(self.web, self.cast, offices).judge(noted, moved)

    def _result(self, lives: Sequence[Life], rejected: int, verdict: Verdict, quiet: Quiet) -> dict[str, Any]:
        closed = sum(life.state == "closed" for life in lives)
        seconds = time.monotonic() - self.started
        for words in (*verdict.lost, *verdict.twice)[:20]:
            showing.say(f"  {words}")
        return {
            "imported": len(lives),
            "closed": closed,
            "waiting": showing.waiting(lives),
            "rejected_rows": rejected,
            "parked": quiet.parked,
            "outbox": quiet.outbox,
            "lost": len(verdict.lost),
            "twice": len(verdict.twice),
            "events": verdict.events,
            "seconds": round(seconds, 1),
            "cases_per_s": round(closed / seconds, 2),
        }


@click.command()
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="自己的文件")
@click.option(
    "--sabotage", "spoil", type=click.Choice(["drop", "twice"]), help="事后弄坏一处，看核对是否发现"
)
@click.option("--kill", default="", help="broker,mongod,worker：边办边 kill -9")
@click.option("--profile", type=click.Choice(["compact", "apart"]), help="进程布局")
def main(data: Path | None, spoil: str | None, kill: str, profile: str | None) -> None:
    """一个县的一段日子：从登记到办结，并核对有没有丢、有没有重。"""
    began = time.monotonic()
    files = parcels.of_file(data) if data else parcels.of_examples()
    parts = [part for part in kill.split(",") if part]
    with running(profile or ("apart" if parts else "compact")) as state:
        showing.say(f"已就绪（{state.ready_after:.1f} 秒），{state.url}")
        web = Web(state.url)
        show = Show(web, Cast(web, HOME.secrets), Killer(parts), began)
        result, _ = show.run(files, spoil or "")
        result["rss_mb"] = memory_mb()
        showing.table(show.cast.every_case())
        if parts:
            showing.say(f"被杀次数：{show.killer.kills}")
    showing.say(f"数据留在 {HOME.var}。再看：YIZHAN_VAR={HOME.var} make up，打开 {state.url}，")
    director = show.cast.people["director.county"]
    showing.say(f"用 {director.username} 登录，密码 {director.password}（admin 只管账户和单位，不看案件）")
    click.echo(json.dumps(result, ensure_ascii=False))
    sys.exit(1 if (result["lost"] or result["twice"] or result["outbox"]) and not spoil else 0)


if __name__ == "__main__":
    main()
