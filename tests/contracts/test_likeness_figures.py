"""How well the same matter is found among real messages, on pairs labelled before anything was set.

Texts and labels are not stored together: the repository has numbers of messages only.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from services.intake.model.likeness import Sketch, Sketched
from services.intake.rules.likeness.judging import GROUPED, Alike, Here, alike
from services.intake.rules.likeness.sketch import Hasher, sketch
from services.intake.store.sketches import MemorySketches

DATA = os.environ.get("YIZHAN_DATA", "")
PAIRS = Path(__file__).parents[1] / "data" / "likeness_pairs.csv"
KEY = Hasher(key=b"figures".ljust(32))
NOW = datetime(2026, 3, 10, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not DATA, reason="real messages are not part of the repository: set YIZHAN_DATA"
)


@cache
def messages() -> dict[str, tuple[str, str]]:
    """Title and text by number."""
    path = Path(DATA) / "messages" / "hotspot_rows.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["留言编号"]: (row["留言主题"], row["留言详情"]) for row in csv.DictReader(file)}


@cache
def sketch_of(id: str) -> Sketch:
    """The sketch of a message."""
    return sketch(*messages()[id], KEY)


def kept(id: str) -> Sketched:
    """A message as it is kept."""
    return Sketched(
        reg_id=id, case_id=id, case_no=id, region="990101", category=None, protected=False, at=NOW, group=id,
        scheme=KEY.scheme, sketch=sketch_of(id),
    )  # fmt: skip


def judged(one: str, other: str) -> Alike | None:
    """One message against another one."""
    return alike(Here(sketch=sketch_of(one), region="990101", at=NOW), kept(other))


@cache
def pairs() -> list[dict[str, str]]:
    """The labelled pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def precision(shown: list[dict[str, str]]) -> tuple[float, float]:
    """As counted, and with every stratum weighing as it does among all messages."""
    drawn: dict[str, int] = defaultdict(int)
    for pair in pairs():
        drawn[pair["stratum"]] += 1
    weights = [int(pair["pairs_in_stratum"]) / drawn[pair["stratum"]] for pair in shown]
    same = [int(pair["same"]) for pair in shown]
    weighed = sum(w * s for w, s in zip(weights, same, strict=True)) / sum(weights)
    return sum(same) / len(same), weighed


def test_nine_of_ten_shown_pairs_are_one_matter_as_people_labelled_them() -> None:
    shown = [pair for pair in pairs() if judged(pair["first"], pair["second"])]
    counted = [p for p in shown if judged(p["first"], p["second"]).percent >= GROUPED]  # type: ignore[union-attr]

    print({"labelled": len(pairs()), "shown": len(shown), "precision": precision(shown)})
    assert len(shown) >= 200
    assert min(precision(shown)) >= 0.9
    assert min(precision(counted)) >= 0.95


def test_nine_of_ten_hold_on_either_half_of_the_labels() -> None:
    for half in (pairs()[::2], pairs()[1::2]):
        shown = [pair for pair in half if judged(pair["first"], pair["second"])]

        assert precision(shown)[0] >= 0.9


def test_every_group_of_exact_copies_is_found() -> None:
    groups = defaultdict(list)
    for id, (_, text) in messages().items():
        groups[re.sub(r"\s+", "", text)].append(id)
    copies = [group for group in groups.values() if len(group) > 1]
    store = MemorySketches()

    store.keep([kept(id) for id in messages()])
    missed = [
        group for group in copies for id in group
        if not {other for other in group if other != id}
        <= {one.reg_id for one in store.near(sketch_of(id).keys) if judged(id, one.reg_id)}
    ]  # fmt: skip

    assert len(copies) == 100
    assert missed == []
