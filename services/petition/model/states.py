"""Where a petition can be, and from where each step may be taken.

Read a row as a sentence: "a petition that is *registered* may be *notified*; it is then notified, or not
accepted." What is not in the table cannot happen. Deleting is not in it at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Illegal


class State(StrEnum):
    """Where a petition is."""

    REGISTERED = "registered"
    NOTIFIED = "notified"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    OPINION_SERVED = "opinion_served"
    CONCLUDED = "concluded"
    NOT_ACCEPTED = "not_accepted"
    VOIDED = "voided"


ALIVE = tuple(state for state in State if state is not State.VOIDED)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row: `title` is its name on the screen; without `to` the state stays or the step decides."""

    title: str
    sources: tuple[State, ...]
    to: State | None = None


# fmt: off
TABLE: Mapping[str, Step] = {
    "sort": Step(title="甄别性质和途径", sources=(State.REGISTERED, State.NOTIFIED)),
    "transfer": Step(title="转送交办", sources=(State.REGISTERED, State.NOTIFIED)),
    "notify": Step(title="书面告知", sources=(State.REGISTERED,)),
    "accept": Step(title="受理", sources=(State.NOTIFIED,), to=State.ACCEPTED),
    "start": Step(title="开始办理", sources=(State.ACCEPTED,), to=State.HANDLING),
    "extend": Step(title="延长办理期限", sources=(State.ACCEPTED, State.HANDLING)),
    "serve": Step(title="送达处理意见", sources=(State.HANDLING,), to=State.OPINION_SERVED),
    "conclude": Step(title="办结", sources=(State.OPINION_SERVED,), to=State.CONCLUDED),
    "confirm": Step(title="确认初次或重复", sources=ALIVE),
    "link": Step(title="关联纠纷", sources=ALIVE),
    "void": Step(title="作废误录", sources=ALIVE),
}
# fmt: on


def allowed(state: State) -> tuple[str, ...]:
    """The steps that a state allows."""
    return tuple(name for name, step in TABLE.items() if state in step.sources)


def must_allow(state: State, name: str) -> Step:
    """The row of a step.

    Raises Illegal with the state and what it allows.
    """
    step = TABLE[name]
    if state not in step.sources:
        raise Illegal(f"当前状态不能“{step.title}”", state=state, allowed=allowed(state))
    return step
