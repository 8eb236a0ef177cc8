"""The life of one matter in the demo: what its people do next, seen from the state its case is in.

A life never assumes: it looks at the case, does one thing, and looks again. `path` says what kind of life it
is to be (examples/README.md); what has happened once is marked in `done`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from deploy.local.demo.cast import Cast
from deploy.local.demo.web import Refusal, Token, Web
from shared.clock import now
from shared.contracts.fields import Tier  # noqa: F401  # the words used below are its

Case = dict[str, Any]


class Rest(Enum):
    """Why a life cannot go on at once."""

    EVENT = "a message is on its way"
    NIGHT = "something must wait for another day"
    END = "nothing more happens"


@dataclass
class Life:
    """One matter and how far its life has come."""

    reference: str
    reg_id: str
    case_id: str
    case_no: str
    path: str
    tier: str
    complexity: str
    matter_type: str
    category: str
    region: str
    merged_into: str = ""
    done: set[str] = field(default_factory=set)
    state: str = "registered"
    waiting: str = ""
    ended: bool = False
    mm_id: str = ""

    def first(self, mark: str) -> bool:
        """True once."""
        new = mark not in self.done
        self.done.add(mark)
        return new


@dataclass(frozen=True)
class Stage:
    """What every life needs: the suite, its people, and which units answer by themselves."""

    web: Web
    cast: Cast
    answering: frozenset[str]  # departments with a process of their own

    def ask(self, life: Life, command: str, token: Token, **body: Any) -> Case:
        """Give a command to a case."""
        case: Case = self.web.post(f"/routing/cases/{life.case_id}/{command}", token, body)
        return case

    def case(self, life: Life) -> Case:
        """The case as it is."""
        case: Case = self.web.get(f"/routing/cases/{life.case_id}", self.cast.county_post("dispatcher"))
        return case


Next = Case | Rest
Step = Callable[[Life, Case, Stage], Next]

TIERS = ("village", "township", "county", "county_leader")
BELOW = {"mediate_fail_escalate": 1, "escalate_county": 2, "sponsor": 1}
DONE = {"closed", "merged", "not_accepted", "withdrawn", "referred_out"}


def go_on(life: Life, stage: Stage) -> Rest:
    """Do what can be done now; returns why it stops."""
    case: Case = stage.case(life)
    for _ in range(60):
        life.state = case["state"]
        step = STEPS.get(life.state)
        if step is None:
            life.ended = True
            return Rest.END
        outcome = step(life, case, stage)
        if isinstance(outcome, Rest):
            life.ended = outcome is Rest.END
            return outcome
        case = outcome
    raise RuntimeError(f"{life.case_no} goes round in circles at {life.state}")


def registered(life: Life, case: Case, stage: Stage) -> Next:
    """Triage, or the two ways out before it."""
    dispatcher = stage.cast.county_post("dispatcher")
    if life.path == "not_accept":
        return stage.ask(life, "not-accept", dispatcher, reason="in_court", notice=True)
    if life.path == "merge" and life.merged_into:
        return stage.ask(life, "merge", dispatcher, into_case_id=life.merged_into, confirmed=True)
    suggestion = case.get("suggestion") or {}
    category = case.get("category") or suggestion.get("category") or "other"
    return stage.ask(
        life, "triage", dispatcher, matter_type=_type(life, case), category=category, tier=_start(life),
        complexity=life.complexity or "general", willingness=_willing(life), harm_reported=True,
        suggestion_used=not case.get("category"),
    )  # fmt: skip


def triaged(life: Life, case: Case, stage: Stage) -> Next:
    """The competence table names the unit; after a return the dispatcher does."""
    body = {"lead_unit": "centre_county", "reason": "after_return"} if "returned" in life.done else {}
    return stage.ask(life, "assign", stage.cast.county_post("dispatcher"), **body)


def assigned(life: Life, case: Case, stage: Stage) -> Next:
    """The unit takes it, gives it back, or lets the time pass."""
    unit = case["lead_unit"]
    if case.get("return_request"):
        life.done.add("returned")
        return stage.ask(life, "return", stage.cast.county_post("director"))
    if life.path == "transfer" and life.first("transferred"):
        return stage.ask(
            life,
            "transfer",
            stage.cast.county_post("dispatcher"),
            to_unit="centre_county",
            reason="wrong_unit",
        )
    if life.path == "breach" and life.first("slept"):
        return Rest.NIGHT
    if unit in stage.answering:
        return Rest.EVENT
    if _gives_back(life):
        return stage.ask(life, "ask-return", stage.cast.staff_of(unit), reason="not_competent")
    return stage.ask(life, "accept", stage.cast.staff_of(unit))


def _gives_back(life: Life) -> bool:
    times = {"return": 1, "return_twice": 2}.get(life.path, 0)
    return any(life.first(f"gave back {n}") for n in range(times) if f"gave back {n}" not in life.done)


def accepted(life: Life, case: Case, stage: Stage) -> Next:
    """The unit starts, or a mediator takes over."""
    if life.path == "withdraw":
        return stage.ask(life, "withdraw", stage.cast.county_post("clerk"), reason="settled", statement=True)
    if case["lead_unit"] in stage.answering:
        return Rest.EVENT
    return stage.ask(life, "start", stage.cast.staff_of(case["lead_unit"]))


def escalating(life: Life, case: Case, stage: Stage) -> Next:
    """The tier above takes it over, or sends it back once."""
    dispatcher = stage.cast.county_post("dispatcher")
    if life.path == "escalate_sent_back" and life.first("sent back"):
        return stage.ask(life, "escalation/send-back", dispatcher, reason="material_missing")
    return stage.ask(life, "escalation/accept", dispatcher)


def suspended(life: Life, case: Case, stage: Stage) -> Next:
    """A day later the reason is gone."""
    if life.first("rested"):
        return Rest.NIGHT
    return stage.ask(life, "resume", stage.cast.county_post("dispatcher"))


def resolved(life: Life, case: Case, stage: Stage) -> Next:
    """Somebody else calls the resident and checks."""
    verifier = stage.cast.county_post("verifier")
    if life.path == "rework" and life.first("reworked"):
        return stage.ask(life, "rework", verifier, reason="not_performed")
    closure = f"called {case.get('closures', 0)}"
    if life.first(closure):
        case = stage.ask(
            life, "callbacks", verifier, reached=True, performed=True, satisfied=5, places_visited=1,
            remaining_hardship=False,
        )  # fmt: skip
    return stage.ask(life, "verify", verifier)


def verified(life: Life, case: Case, stage: Stage) -> Next:
    """The director closes it."""
    try:
        return stage.ask(life, "close", stage.cast.county_post("director"))
    except Refusal as refusal:
        if refusal.code in ("open_delivery", "clock_runs") and life.first(f"held back {len(life.done)}"):
            return Rest.EVENT
        raise


def closed(life: Life, case: Case, stage: Stage) -> Next:
    """The end, unless it breaks out again."""
    if life.path == "relapse" and life.first("relapsed"):
        return stage.ask(life, "relapse", stage.cast.county_post("clerk"), confirmed=True)
    return Rest.END


def _type(life: Life, case: Case) -> str:
    given = life.matter_type or case.get("matter_type") or "unclassified"
    if given != "unclassified":
        return given
    return ((case.get("suggestion") or {}).get("matter_type")) or "complaint"


def _start(life: Life) -> str:
    """The tier at which it starts, so that it reaches the tier of its row."""
    down = BELOW.get(life.path, 0)
    return TIERS[max(0, TIERS.index(life.tier or "county") - down)] if life.tier else "county"


def _willing(life: Life) -> str:
    return "both" if life.path in ("mediate", "mediate_fail_escalate", "decline", "relapse") else "unknown"


def _later(days: int) -> str:
    return (now() + timedelta(days=days)).isoformat()


from deploy.local.demo.handling import agreed, handling, mediating  # noqa: E402  # the second half of the table

STEPS: dict[str, Step] = {
    "registered": registered,
    "triaged": triaged,
    "assigned": assigned,
    "accepted": accepted,
    "handling": handling,
    "mediating": mediating,
    "agreed": agreed,
    "escalating": escalating,
    "suspended": suspended,
    "resolved": resolved,
    "verified": verified,
    "closed": closed,
}
