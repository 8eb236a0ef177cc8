"""The command room: everything the board shows, worked out once a second however many screens look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from services.reporting.handlers.naming import NOBODY, Naming, naming
from services.reporting.model import WAITING, Clock, Hop, Row
from services.reporting.model.words import STATES
from services.reporting.store import Counts, Stores, Wanted, digits_below
from shared.aggregate import Held
from shared.calendar import day_of, midnight

SOONEST, LATEST, HANDED, UNITS = 9, 9, 9, 9
QUEUE, AT_WORK = "waiting", ("assigned", "accepted", "handling", "mediating", "agreed", "escalating")


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A count with its name and its share of the largest beside it."""

    key: str
    name: str
    count: int
    share: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """A case with one clock or one hand-over."""

    case_id: str
    case_no: str
    region: str
    what: str
    who: str
    at: datetime
    seconds: int = 0  # left; below zero: too late
    stage: str = ""


@dataclass(frozen=True, kw_only=True)
class Area:
    """One region below the board's own, in live counts (RP-40)."""

    code: str
    name: str
    queue: int
    open: int
    sittings: int
    late: int


@dataclass(frozen=True, kw_only=True)
class Board:
    """All that the command room shows of one region at one second."""

    at: datetime
    region: str
    name: str
    open: int
    queue: int
    working: int
    late: int
    sittings: int
    registered_today: int
    ended_today: int
    states: tuple[Bar, ...]
    units: tuple[Bar, ...]
    areas: tuple[Area, ...]
    soonest: tuple[Line, ...]
    overdue: tuple[Line, ...]
    handed: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show yet."""
        return not (self.open or self.registered_today or self.handed)


def board(all: Stores, wanted: Wanted, now: datetime) -> Board:
    """The board of a region at this second."""
    return _board(all, wanted, now.replace(microsecond=0))


@lru_cache(maxsize=64)
def _board(all: Stores, wanted: Wanted, now: datetime) -> Board:
    names, rows = naming(all), all.rows
    states, areas = rows.counted("state", wanted), _areas(all, wanted, names)
    today = rows.since(_also_ended(wanted), midnight(day_of(now)))
    return Board(
        at=now,
        region=wanted.region,
        name=names.region(wanted.region or all.county.county6),
        open=sum(states.values()),
        queue=sum(states.get(state, 0) for state in WAITING),
        working=sum(states.get(state, 0) for state in AT_WORK),
        late=sum(area.late for area in areas),
        sittings=sum(area.sittings for area in areas),
        registered_today=today.registered,
        ended_today=today.ended,
        states=_bars({state: states.get(state, 0) for state in STATES if states.get(state)}, names, "state"),
        units=_bars(_largest(rows.counted("department", wanted)), names, "department"),
        areas=areas,
        soonest=tuple(_running(held, now, names) for held in rows.running_down(wanted, now, SOONEST)),
        overdue=tuple(_late(held, now, names) for held in rows.late(wanted, LATEST)),
        handed=tuple(_handed(rows.moved(_also_ended(wanted), HANDED), names)),
    )


def _also_ended(wanted: Wanted) -> Wanted:
    return Wanted(
        region=wanted.region, mine=wanted.mine, protected=wanted.protected, not_about=wanted.not_about
    )


def _largest(counts: Counts) -> Counts:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:UNITS])


def _bars(counts: Counts, names: Naming, by: str) -> tuple[Bar, ...]:
    most = max(counts.values(), default=1)
    return tuple(
        Bar(key=key, name=names.counted(by, key), count=count, share=max(1, round(100 * count / most)))
        for key, count in counts.items()
    )


def _areas(all: Stores, wanted: Wanted, names: Naming) -> tuple[Area, ...]:
    kinds = {
        "queue": all.rows.counted("region", _only(wanted, states=WAITING)),
        "open": all.rows.counted("region", wanted),
        "sittings": all.rows.sitting(wanted),
        "late": all.rows.counted("region", _only(wanted, late=True)),
    }
    codes = sorted(set().union(*kinds.values()))
    return tuple(
        Area(code=code, name=_area_name(code, wanted, names), **{k: kinds[k].get(code, 0) for k in kinds})
        for code in codes
    )


def _only(wanted: Wanted, *, states: tuple[str, ...] = (), late: bool = False) -> Wanted:
    return Wanted(
        region=wanted.region,
        states=states,
        late=late,
        open=wanted.open,
        mine=wanted.mine,
        protected=wanted.protected,
        not_about=wanted.not_about,
    )


def _area_name(code: str, wanted: Wanted, names: Naming) -> str:
    """A case of the region itself, not of one below it, has a shorter code."""
    return names.region(code) if len(code) == digits_below(wanted.region) else "本级"


def _running(held: Held[Row], now: datetime, names: Naming) -> Line:
    first = min((c for c in held.state.clocks if c.state == "running"), key=lambda clock: clock.due_at)
    return _clock_line(held, first, now, names)


def _late(held: Held[Row], now: datetime, names: Naming) -> Line:
    first = min((c for c in held.state.clocks if c.state == "late"), key=lambda clock: clock.due_at)
    return _clock_line(held, first, now, names)


def _clock_line(held: Held[Row], clock: Clock, now: datetime, names: Naming) -> Line:
    return Line(
        case_id=held.id,
        case_no=held.state.case_no,
        region=names.region(held.state.region),
        what=names.clock(clock.kind),
        who=names.unit(clock.unit or held.state.lead_unit) or NOBODY,
        at=clock.due_at,
        seconds=int((clock.due_at - now).total_seconds()),
    )


def _handed(rows: list[Held[Row]], names: Naming) -> list[Line]:
    lines = []
    for held in rows:
        hop = max(_shown_hops(held.state), key=lambda hop: hop.last_at)
        lines.append(
            Line(
                case_id=held.id,
                case_no=held.state.case_no,
                region=names.region(held.state.region),
                what=hop.stage,
                who=names.unit(hop.unit),
                at=held.state.moved_at or hop.last_at,
                stage=hop.stage,
            )
        )
    return lines


def _shown_hops(row: Row) -> list[Hop]:
    """Its hand-overs; a unit's own mailbox says more than its desk."""
    with_mailbox = {hop.unit for hop in row.hops if hop.way == "mailbox"}
    return [hop for hop in row.hops if hop.way == "mailbox" or hop.unit not in with_mailbox]
