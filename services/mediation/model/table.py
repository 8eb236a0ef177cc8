"""Every way of a matter, an agreement and a confirmation, as tables: from where a step may be taken.

Read a row as a sentence: "a sitting may be *scheduled* for a matter that is opened, failed, adjourned or
agreed in part; the matter is then *scheduled*." What is not in the table cannot happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.mediation.model.states import IN_FORCE, OPEN, WAITING, AgreementState, FilingState, State
from shared.errors import Illegal


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row: `title` is its name on the screen; without `to` the state stays, or the outcome decides."""

    title: str
    sources: tuple[StrEnum, ...]
    to: StrEnum | None = None


# fmt: off
MATTER: Mapping[str, Step] = {
    "record_consent": Step(title="记录意愿", sources=(*WAITING, State.AGREED)),
    "declare_conflict": Step(title="申报利害关系", sources=OPEN),
    "appoint": Step(title="增选调解员", sources=WAITING),
    "schedule": Step(title="约定调解", to=State.SCHEDULED,
                     sources=(State.OPENED, State.FAILED, State.ADJOURNED, State.AGREED)),
    "start": Step(title="开始调解", sources=(State.SCHEDULED,), to=State.IN_SESSION),
    "hold": Step(title="记录调解结果", sources=(State.IN_SESSION,)),
    "call_off": Step(title="记录未开成", sources=(State.SCHEDULED,), to=State.ADJOURNED),
    "complain": Step(title="投诉调解员", sources=(*OPEN, State.CLOSED)),
    "write_minutes": Step(title="写调解笔录", sources=(*OPEN, State.CLOSED)),
    "draft": Step(title="起草协议", sources=(State.AGREED,)),
    "sign": Step(title="签署协议", sources=(State.AGREED,)),
    "extend": Step(title="延长调解期限", sources=OPEN),
    "close": Step(title="终止调解", to=State.CLOSED,
                  sources=(*WAITING, State.AGREED)),
}

OUTCOMES: Mapping[str, State] = {  # how a sitting ended → where the matter is then
    "agreed": State.AGREED,
    "partial": State.AGREED,
    "failed": State.FAILED,
    "adjourned": State.ADJOURNED,
    "interrupted": State.ADJOURNED,
    "declined": State.CLOSED,
}

AGREEMENT: Mapping[str, Step] = {
    "draft": Step(title="改写协议", sources=(AgreementState.DRAFT,), to=AgreementState.DRAFT),
    "sign": Step(title="签署协议", sources=(AgreementState.DRAFT, AgreementState.SIGNING),
                 to=AgreementState.SIGNING),
    "perform": Step(title="记录履行", sources=(AgreementState.EFFECTIVE, AgreementState.PERFORMING,
                                           AgreementState.BREACHED, AgreementState.DISPUTED)),
    "breach": Step(title="记录违约", sources=(AgreementState.EFFECTIVE, AgreementState.PERFORMING,
                                          AgreementState.BREACHED), to=AgreementState.BREACHED),
    "dispute": Step(title="记录争议", to=AgreementState.DISPUTED,
                    sources=(AgreementState.EFFECTIVE, AgreementState.PERFORMING, AgreementState.BREACHED)),
    "file": Step(title="申请司法确认", sources=IN_FORCE),
}

FILING: Mapping[str, Step] = {
    "file": Step(title="申请司法确认", sources=(FilingState.REJECTED,), to=FilingState.FILED),
    "decide": Step(title="记录法院决定", sources=(FilingState.FILED,)),
}
# fmt: on


def allowed(table: Mapping[str, Step], state: StrEnum) -> tuple[str, ...]:
    """The steps that a state allows."""
    return tuple(name for name, step in table.items() if state in step.sources)


def must_allow(table: Mapping[str, Step], state: StrEnum, name: str) -> Step:
    """The row of a step.

    Raises Illegal with the state and what it allows.
    """
    step = table[name]
    if state not in step.sources:
        raise Illegal(f"当前状态不能“{step.title}”", state=state.value, allowed=allowed(table, state))
    return step
