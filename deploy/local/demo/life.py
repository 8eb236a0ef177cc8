"""The life of one matter in the demo: what its people do next, seen from the state its case is in.

A life never assumes: it looks at the case, does one thing, and looks again. `path` says what kind of life it
is to be (examples/README.md); what has happened once is marked in `done`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from deploy.local.demo.cast import Cast
from deploy.local.demo.web import Token, Web

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
    noted: str = ""
    refused: str = ""
    looks: int = 0

    def wait_for_the_department(self) -> Rest:
        """Today it may still answer; what it leaves undone, its people do tomorrow."""
        self.done.add("with the department")
        return Rest.EVENT

    def night(self) -> None:
        """A day is over."""
        if "with the department" in self.done:
            self.done.add("left to people")

    def pause(self) -> float:
        """Seconds until the next look: longer each time that nothing was new."""
        self.looks = 0 if self.note() else self.looks + 1
        return min(SOON * 1.5**self.looks, LATE)

    def note(self) -> bool:
        """Whether the state has changed since the last note."""
        changed, self.noted = self.noted != self.state, self.state
        return changed

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


SOON, LATE = 0.15, 1.5  # seconds between two looks at a case that waits for a message
Next = Case | Rest
Step = Callable[[Life, Case, Stage], Next]

TIERS = ("village", "township", "county", "county_leader")
BELOW = {"mediate_fail_escalate": 1, "escalate_county": 2, "sponsor": 1}
BY_HAND = {
    "mediate",
    "decline",
    "relapse",
    "whistle",
    "suspend",
    "refer_out",
    "transfer",
    "withdraw",
    "breach",
    "escalate_sent_back",
    *BELOW,
}
"""Lives that need people at every step, so that no department's own process is quicker."""
MEDIATED = {"mediate", "mediate_fail_escalate", "decline", "relapse"}
