"""The demo's oracle is not blind: it names what is missing and what is there twice."""

from __future__ import annotations

import base64
import json
from typing import Any, cast

from deploy.local.demo.cast import Cast
from deploy.local.demo.oracle import Oracle, Verdict
from deploy.local.demo.web import Web

IDS = {"reg_id": "r", "case_id": "c", "case_no": "990101-2026-000001"}


def event(kind: str, version: int, **data: str) -> dict[str, Any]:
    return {"type": f"{kind}.v1", "sequence": f"{version:010d}.00", "data": data}


class Suite:
    """Answers like the public addresses."""

    def __init__(self) -> None:
        of = {"case_id": "c", "delivery_id": "d", "department": "court"}
        self.told = {
            "registration": [event("registration.accepted", 1)],
            "case": [event("case.registered", 1), event("case.triaged", 2)],
            "delivery": [event("delivery.queued", 1, **of), event("delivery.received", 2, **of)],
            "matter": [],
            "petition": [],
            "request": [],
            "report": [],
        }
        for_the_court_only = event("ask.handle_case", 2, **of)
        self.heard = [
            {"type": e["type"].removesuffix(".v1"), "sequence": e["sequence"]}
            for events in self.told.values()
            for e in events
        ]
        self.told["delivery"].append(for_the_court_only)
        self.court = ["d"]

    def get(self, path: str, token: Any, **query: str) -> dict[str, Any]:
        if path.startswith("/reporting"):
            return {"timeline": self.heard}
        id = {"registration": "r", "case": "c"}.get(query["aggregate"], "d")
        events = [base64.b64encode(json.dumps(e).encode()).decode() for e in self.told[query["aggregate"]]]
        return {"items": [{"id": id, "events": events}], "next": None}


class Nobody:
    """Needs no tokens."""

    def service(self, name: str) -> Any:
        return lambda fresh: ""


def judged(suite: Suite) -> Verdict:
    oracle = Oracle(cast(Web, suite), cast(Cast, Nobody()), lambda: {"court": suite.court})
    return oracle.judge([IDS])


def test_a_whole_matter_is_neither_lost_nor_doubled() -> None:
    verdict = judged(Suite())

    assert (verdict.lost, verdict.twice, verdict.events) == ([], [], 5)


def test_an_effect_that_is_missing_is_lost() -> None:
    suite = Suite()
    suite.heard.pop()

    assert len(judged(suite).lost) == 1


def test_an_effect_that_is_there_again_is_doubled() -> None:
    suite = Suite()
    suite.heard.append(suite.heard[0])

    assert len(judged(suite).twice) == 1


def test_a_case_that_was_opened_twice_is_doubled() -> None:
    suite = Suite()
    suite.told["case"].append(event("case.registered", 3))
    suite.heard.append({"type": "case.registered", "sequence": "0000000003.00"})

    assert len(judged(suite).twice) == 1


def test_a_hole_in_the_versions_is_a_loss() -> None:
    suite = Suite()
    del suite.told["case"][0]
    del suite.heard[1]

    assert len(judged(suite).lost) == 2


def test_a_hand_over_that_the_department_does_not_have_is_lost() -> None:
    suite = Suite()
    suite.court.clear()

    assert len(judged(suite).lost) == 1


def test_a_second_record_of_a_hand_over_is_doubled() -> None:
    suite = Suite()
    suite.court.append("d")

    assert len(judged(suite).twice) == 1
