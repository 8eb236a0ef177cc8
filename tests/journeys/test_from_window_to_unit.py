"""One matter from the window to the unit that handles it, under one number, while the resident looks on."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.handlers import vault
from services.intake.handlers.policy import policy
from services.intake.handlers.registering import register
from services.intake.model import Registration
from services.intake.rules import sealing
from services.intake.store import Stores, memory_stores
from services.intake.worker import IntakeWorker
from services.routing.model import commands as asks
from shared import ids
from shared.decision import Actor, Cause
from tests import routing_given as given
from tests.routing_town import Town
from tests.unit.intake.forms import PHONE, form

CLERK = Actor(ref=ids.derived("tests", "clerk"), role="clerk", unit="centre_101", region="990101101")


def opened(**how: Any) -> tuple[Town, Stores]:
    town, all = Town(**how), memory_stores()
    town.bus.workers.append(IntakeWorker(all, town.clock))
    return town, all


def at_the_window(town: Town, all: Stores) -> Registration:
    cause = Cause(at=town.now, actor=CLERK)
    made = register(all, form(), cause, policy("990101101201", town.now)).held.state
    town.settle()
    return made


def read(town: Town, all: Stores, made: Registration) -> str:
    code = sealing.opened(made, "query_code", all.sealer)
    return vault.ask_standing(all, code, PHONE[-4:], ids.new(), town.now).words


@pytest.mark.parametrize("how", [{}, {"copies": 2, "shuffle": 7}])
def test_the_number_from_the_window_is_the_number_of_the_case_everywhere(how: dict[str, Any]) -> None:
    town, all = opened(**how)

    made = at_the_window(town, all)

    case = town.case(made.case_id)
    assert (case.case_no, case.region, case.category) == (made.case_no, made.region, "neighbour")
    assert case.first_receiver == CLERK.ref


@pytest.mark.parametrize("how", [{}, {"copies": 2, "shuffle": 7}])
def test_the_resident_reads_each_step_with_the_code_from_the_receipt(how: dict[str, Any]) -> None:
    town, all = opened(**how)
    made = at_the_window(town, all)

    words = [read(town, all, made)]
    town.order(made.case_id, "triage", "dispatcher", given.sorting())
    words.append(read(town, all, made))
    town.order(made.case_id, "assign", "dispatcher", asks.Assign())
    words.append(read(town, all, made))

    assert words == ["已登记，正在分清类别", "已分清类别，正在确定承办单位", "已交给承办单位，等待接件"]


def test_what_was_answered_on_the_spot_opens_no_case() -> None:
    town, all = opened()
    cause = Cause(at=town.now, actor=CLERK)

    made = register(all, form(answer="当场说清了"), cause, policy("990101101201", town.now)).held.state
    town.settle()

    assert not town.cases.all()
    assert read(town, all, made) == "已当场答复"
