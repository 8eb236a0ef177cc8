"""``make department-live``: a plug-in written, onboarded, its first case concluded: how long?

The suite runs fresh under var/demo and is used through its public addresses alone; nothing of it is changed.
The last line is one JSON object.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from deploy.local.conformance import free_port, gate, wait_for
from deploy.local.demo.cast import Cast, nobody
from deploy.local.demo.suite import HOME, running
from deploy.local.demo.web import Refusal, Web
from deploy.local.home import CHECKOUT
from shared.settings import settings
from yizhan_adapter import new
from yizhan_conformance.kit import Report, Subject, examine

ID, TITLE, REGION, VILLAGE = "forestry", "林业局", "990101", "990101101201"
ASKED = {"link": "mailbox", "region": REGION, "name": TITLE, "kind": "department"}
MATTER = {
    "channel": "window",
    "region": VILLAGE,
    "matter_type": "dispute",
    "category": "forest_land",
    "summary": "两家的林地界址说不清，去年栽的树被人砍了三棵。",
    "requests": ["把界址定下来"],
    "parties": [{"role": "applicant", "name": "演示甲"}, {"role": "respondent", "name": "演示乙"}],
}
PATIENCE, CASES = 180.0, 5


@dataclass
class Live:
    """One run: the suite, its people, and when each step was done."""

    web: Web
    cast: Cast
    folder: Path
    began: float = field(default_factory=time.monotonic)
    steps: dict[str, float] = field(default_factory=dict)

    def done(self, step: str) -> None:
        """Note a step and say it."""
        self.steps[step] = round(time.monotonic() - self.began, 1)
        _say(f"{self.steps[step]:6.1f} 秒  {step}")

    def order(self, path: str, body: Any = None, by: str = "") -> Any:
        """An order about the department: the administrator's, or a second person's."""
        who = self.cast.county_post(by) if by else self.cast.admin.token
        return self.web.post(f"/routing/departments/{ID}/{path}", who, body)

    def until(self, holds: Callable[[], Any], what: str) -> Any:
        """Wait for it; raises SystemExit when it does not come."""
        end = time.monotonic() + PATIENCE
        while not (found := holds()):
            if time.monotonic() > end:
                raise SystemExit(f"没有等到：{what}")
            time.sleep(0.3)
        return found


def main() -> int:
    """Write, onboard, hand over, conclude; 0 when all of it happened."""
    with running("compact") as state, ExitStack() as stack:
        web = Web(state.url)
        live = Live(web=web, cast=Cast(web, HOME.secrets), folder=HOME.var / ID)
        environment = written(live)
        user, password = onboarded(live)
        environment["BACK_OFFICE_URL"] = stack.enter_context(back_office(live.folder))
        report = examined(live, environment, user, password)
        live.order("conformance", summary(report))
        live.done("onboarded")
        stack.enter_context(adapter(live.folder, environment | _at_the_inbox(user, password)))
        concluded = first_conclusion(live)
        live.done("first case concluded")
    passed = {"passed": report["passed"], "of": report["of"]}
    _say(json.dumps({"department": ID, "conformance": passed, "concluded": concluded, "seconds": live.steps}))
    return 0


def written(live: Live) -> dict[str, str]:
    """The plug-in, with its tests passed; what a process needs in order to find it."""
    folder = new.write(ID, _made(live.folder / "adapters"), TITLE)
    live.done("plug-in written")
    card = _made(live.folder / "site" / f"yizhan_adapter_{ID}-0.1.0.dist-info")
    (card / "METADATA").write_text(f"Metadata-Version: 2.1\nName: yizhan-adapter-{ID}\nVersion: 0.1.0\n")
    (card / "entry_points.txt").write_text(f"[yizhan.adapters]\n{ID} = yizhan_{ID}.adapter:Forestry\n")
    path = os.pathsep.join([str(folder), str(card.parent), os.environ.get("PYTHONPATH", "")])
    environment = {"PYTHONPATH": path}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:pytest_nameko", "-c", os.devnull, str(folder)]
    subprocess.run(words, env=os.environ | environment, cwd=folder, check=True, stdout=sys.stderr)
    live.done("its tests passed")
    return environment


def onboarded(live: Live) -> tuple[str, str]:
    """Asked for by one, agreed to by another, made on the broker; the user and the password, claimed once."""
    live.order("onboarding", ASKED)
    live.order("onboarding/approve", by="director")
    live.until(lambda: stage(live) == "provisioned", "邮箱建好")
    live.done("provisioned")
    token = live.order("claim-links")["token"]
    claimed = live.web.post(f"/routing/departments/{ID}/claims", nobody, {"token": token})
    live.done("password claimed")
    return claimed["user"], claimed["password"]


def stage(live: Live) -> str:
    """How far the connection has come."""
    found = live.web.get(f"/routing/departments/{ID}", live.cast.admin.token)
    return str(found["connection"]["stage"])


def examined(live: Live, environment: dict[str, str], user: str, password: str) -> Report:
    """The fourteen cases through the sandbox."""
    edge = f"{settings().amqp_url}/{settings().edge_vhost}"
    subject = Subject(
        department=ID, command=_command(), url=edge, password=password, slot=user.rpartition(".")[2],
        folder=live.folder, environment=environment, gate=gate,
    )  # fmt: skip
    report = examine(subject, lambda line: _say(f"          {line}"))
    live.done(f"examined: {report['passed']}/{report['of']}")
    return report


def summary(report: Report) -> dict[str, Any]:
    """What is kept with the department."""
    cases = [{name: case[name] for name in ("name", "passed")} for case in report["cases"]]
    return {"kit": report["kit"], "schema_versions": report["schema_versions"], "cases": cases}


def first_conclusion(live: Live) -> str:
    """Matters are registered and given to the department until it concludes one; that one's number."""
    for _ in range(CASES):
        case_id = handed_over(live)
        case = live.until(partial(answered, live, case_id), "部门答复")
        if not case.get("return_request"):
            return str(case["case_no"])
    raise SystemExit("部门退回了每一件")


def handed_over(live: Live) -> str:
    """One matter, registered at the window, sorted, and given to the department by the dispatcher."""
    made = live.web.post("/intake/registrations", live.cast.county_post("clerk"), MATTER)
    case, dispatcher = f"/routing/cases/{made['case_id']}", live.cast.county_post("dispatcher")
    live.until(partial(known, live, made["case_id"]), "案件登记")
    sorting = {"matter_type": "dispute", "category": "forest_land", "tier": "county",
               "complexity": "general", "willingness": "unknown", "harm_reported": True}  # fmt: skip
    live.web.post(f"{case}/triage", dispatcher, sorting)
    live.web.post(f"{case}/assign", dispatcher, {"lead_unit": ID, "reason": "dispatcher_decides"})
    return str(made["case_id"])


def known(live: Live, case_id: str) -> bool:
    """Whether routing has heard of it."""
    try:
        live.web.get(f"/routing/cases/{case_id}", live.cast.county_post("dispatcher"))
    except Refusal as refusal:
        if refusal.status != 404:
            raise
        return False
    return True


def answered(live: Live, case_id: str) -> Any:
    """The case, once the department has had its last word about it."""
    case = live.web.get(f"/routing/cases/{case_id}", live.cast.county_post("dispatcher"))
    return case if case["state"] == "resolved" or case.get("return_request") else None


@contextmanager
def back_office(folder: Path) -> Iterator[str]:
    """A pretended system of the department."""
    port = free_port()
    words = [
        "yizhan_simulators",
        "plain",
        "--bind",
        f"127.0.0.1:{port}",
        "--store",
        str(folder / "office.sqlite"),
    ]
    with _process(words, {}, folder / "office.log"):
        wait_for(port)
        yield f"http://127.0.0.1:{port}"


def adapter(folder: Path, environment: dict[str, str]) -> Any:
    """The department's adapter at its real mailbox."""
    return _process(
        _command()[1:], environment | {"ADAPTER_STORE": str(folder / "live.sqlite")}, folder / "adapter.log"
    )


@contextmanager
def _process(words: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    module = words if words[0].startswith("-") else ["-m", *words]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *module], env=os.environ | environment, cwd=CHECKOUT, stdout=out, stderr=out
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _at_the_inbox(user: str, password: str) -> dict[str, str]:
    broker = settings().amqp_url.rpartition("@")[2]
    url = f"amqp://{user}:{password}@{broker}/{settings().edge_vhost}"
    return {"ADAPTER_AMQP_URL": url, "ADAPTER_POLL_S": "0.5"}


def _command() -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "yizhan_adapter", "run", ID]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  a command line speaks


if __name__ == "__main__":
    sys.exit(main())
