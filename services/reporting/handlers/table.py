"""A list of cases as a table for a spreadsheet, with a mark at its head that makes it read as UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from services.reporting.handlers.naming import Naming
from services.reporting.model import Row, words
from shared.aggregate import Held
from shared.clock import local

COLUMNS = (
    "案件编号", "状态", "地区", "类别", "事项类型", "来源渠道", "层级", "复杂程度", "牵头单位", "登记时间",
    "结束时间", "结果", "超期时钟数", "退回次数", "反复次数",
)  # fmt: skip


def lines(found: Iterable[Held[Row]], names: Naming) -> Iterator[str]:
    """The table, line by line."""
    yield "\ufeff" + _line(COLUMNS)
    for held in found:
        yield _line(_cells(held.state, names))


def _line(cells: tuple[object, ...]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _cells(row: Row, names: Naming) -> tuple[object, ...]:
    return (
        row.case_no, words.STATES.get(row.state, row.state), names.region(row.region),
        names.category(row.category), words.MATTER_TYPES.get(row.matter_type, ""),
        words.CHANNELS.get(row.channel, ""), names.word("tier", row.tier),
        words.COMPLEXITIES.get(row.complexity, ""), names.unit(row.lead_unit), _time(row.registered_at),
        _time(row.closed_at), words.OUTCOMES.get(row.outcome, ""), row.breaches, row.returns, row.relapses,
    )  # fmt: skip


def _time(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""
