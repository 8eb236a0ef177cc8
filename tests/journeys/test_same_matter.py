"""Many people report one matter: shown, merged, answered under every number, flagged, parted again."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.handlers import groups, vault
from services.intake.handlers.policy import policy
from services.intake.handlers.registering import register
from services.intake.model import Registration
from services.intake.rules import sealing
from services.intake.store import Stores, memory_stores
from services.intake.worker import IntakeWorker
from services.routing.handlers import merging
from services.routing.model import State
from services.routing.model import commands as asks
from shared import ids
from shared.decision import Actor, Cause
from tests import routing_given as given
from tests.routing_town import Town
from tests.unit.intake.forms import applicant, form

CLERK = Actor(ref=ids.derived("tests", "clerk"), role="clerk", unit="centre_101", region="990101101")
DIRECTOR = Actor(ref=ids.derived("tests", "director"), role="director", unit="centre_county", region="990101")
NOISE = "我住在青溪花园三栋，对面工地天天干到凌晨两点，打桩声音大得睡不着，老人受不了。"
both_ways = pytest.mark.parametrize("how", [{}, {"copies": 2, "shuffle": 11}])


def opened(**how: Any) -> tuple[Town, Stores]:
    """Intake and routing on one bus."""
    town, all = Town(**how), memory_stores()
    town.bus.workers.append(IntakeWorker(all, town.clock))
    return town, all


def told(town: Town, all: Stores, n: int) -> Registration:
    """One more person reports the noise."""
    given_form = form(
        title="青溪花园夜间施工扰民", summary=NOISE, category=None,
        parties=(applicant(phone=f"1390013{n:04d}"),),
    )  # fmt: skip
    cause = Cause(at=town.now, actor=CLERK)
    made = register(all, given_form, cause, policy("990101101201", town.now)).held.state
    town.settle()
    return made


def merge(town: Town, one: Registration, into: Registration) -> None:
    """A clerk confirms that both are one."""
    ask = asks.Merge(into_case_id=into.case_id, confirmed=True)
    merging.merge(town.stores, one.case_id, Cause(at=town.now, actor=given.by("clerk").actor), ask)
    town.settle()


def unmerge(town: Town, one: Registration) -> None:
    """A clerk takes it back."""
    ask = asks.Unmerge(confirmed=True, reason="not_same_matter")
    merging.unmerge(town.stores, one.case_id, Cause(at=town.now, actor=given.by("clerk").actor), ask)
    town.settle()


def read(town: Town, all: Stores, made: Registration, n: int) -> tuple[str, str]:
    """What the resident reads with the own code."""
    code = sealing.opened(made, "query_code", all.sealer)
    found = vault.ask_standing(all, code, f"{n:04d}", ids.new(), town.now)
    return found.case_no, found.words


@both_ways
def test_every_complainant_keeps_number_code_words_and_sees_how_the_joint_matter_stands(
    how: dict[str, Any],
) -> None:
    town, all = opened(**how)
    first, second = told(town, all, 1), told(town, all, 2)
    merge(town, second, first)
    town.order(first.case_id, "triage", "dispatcher", given.sorting())

    seen = read(town, all, second, 2)

    kept = all.registrations.load(second.reg_id).state
    assert seen == (second.case_no, "已分清类别，正在确定承办单位")
    assert (kept.parties, kept.case_no) == (second.parties, second.case_no)
    assert sealing.opened(kept, "summary", all.sealer) == NOISE
    assert [one.reg_ids for one in town.case(first.case_id).joined] == [(second.reg_id,)]


@both_ways
def test_after_undoing_each_reads_the_own_matter_again(how: dict[str, Any]) -> None:
    town, all = opened(**how)
    first, second = told(town, all, 1), told(town, all, 2)
    merge(town, second, first)
    town.order(first.case_id, "triage", "dispatcher", given.sorting())

    unmerge(town, second)

    assert read(town, all, second, 2) == (second.case_no, "已登记，正在分清类别")
    assert read(town, all, first, 1) == (first.case_no, "已分清类别，正在确定承办单位")
    assert town.case(second.case_id).state == State.REGISTERED
    assert all.sketches.several([second.reg_id])[second.reg_id].group == second.reg_id


@both_ways
def test_a_crowd_is_flagged_only_when_a_person_says_so_and_on_the_case_that_counts(
    how: dict[str, Any],
) -> None:
    town, all = opened(**how)
    made = [told(town, all, n) for n in range(6)]
    merge(town, made[1], made[0])
    before = town.case(made[0].case_id).flags

    groups.decide(all, made[0].reg_id, True, "many_people", Cause(at=town.now, actor=DIRECTOR))
    town.settle()

    group = all.groups.load(made[0].reg_id).state
    assert (group.members, group.reporters, group.mass) == (6, 6, "confirmed")
    assert (before, town.case(made[0].case_id).flags) == ((), ("mass",))
    assert town.case(made[1].case_id).flags == ()
