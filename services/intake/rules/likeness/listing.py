"""What a clerk is shown of earlier matters: numbers, codes and reasons, never a word and never a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.intake.model import Similar
from services.intake.rules.likeness.judging import MOST, Alike


def together(marked: Iterable[Similar], found: Iterable[Alike]) -> tuple[Similar, ...]:
    """Matters of the same person or text, and those whose words are alike: each once, the surest first."""
    shown = {one.reg_id: one for one in marked}
    for judged in found:
        id = judged.found.reg_id
        known = shown.get(id)
        shown[id] = _with(known, judged) if known else similar(judged)
    return tuple(sorted(shown.values(), key=_order, reverse=True)[:MOST])


def _with(known: Similar, judged: Alike) -> Similar:
    reasons = tuple(dict.fromkeys((*judged.reasons, *known.reasons)))
    return replace(known, percent=judged.percent, reasons=reasons)


def similar(judged: Alike) -> Similar:
    """A judged matter as it is shown."""
    found = judged.found
    return Similar(
        case_no=found.case_no, category=None if found.protected else found.category, reg_id=found.reg_id,
        case_id=found.case_id, registered_at=found.at, percent=judged.percent, reasons=judged.reasons,
    )  # fmt: skip


def _order(one: Similar) -> tuple[bool, int, object]:
    return "same_text" in one.reasons, one.percent or 0, one.registered_at
