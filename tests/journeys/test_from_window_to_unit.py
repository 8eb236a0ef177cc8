"""One matter from the window to the unit that handles it, under one number, while the resident looks on."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from services.intake.handlers import desk, vault
from services.intake.handlers.policy import policy
from services.intake.handlers.registering import register
from services.intake.model import Registration
from services.intake.model.desk import Report
from services.intake.rules import sealing
from services.intake.store import Stores, memory_stores
from services.intake.worker import IntakeWorker
from services.mediation.rules.opening import case_is_ready
from services.mediation.store import memory_stores as mediation_stores
from services.mediation.worker import MediationWorker
from services.routing.model import commands as asks
from shared import ids
from shared.decision import Actor, Cause
from shared.errors import Refused
from tests import routing_given as given
from tests.routing_town import Town
from tests.unit.intake.forms import PHONE, form
from tests.unit.mediation import given as mediating

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


@pytest.mark.parametrize("how", [{}, {"copies": 2, "shuffle": 7}])
@pytest.mark.parametrize("what", [{"emergency": True}, {"harm": ("minor_harm",)}])
@pytest.mark.requirement("IN-34")
def test_what_a_machine_brings_is_not_sorted_before_it_was_reported(
    how: dict[str, Any], what: dict[str, Any]
) -> None:
    town, all = opened(**how)
    machine = Actor(ref="hotline", role="service", region="990101")
    known = policy("990101101201", town.now)
    made = register(all, form(**what), Cause(at=town.now, actor=machine), known).held.state
    town.settle()

    held = given.refusal(lambda: town.order(made.case_id, "triage", "dispatcher", given.sorting()))
    for authority, state in (("education", "registered"), ("police_110", "triaged")):
        note = Report(of=made.desk.reports_due[0], authority=authority, at=town.now)
        desk.report(
            all, made.reg_id, note, Cause(at=town.now, actor=given.PEOPLE["dispatcher"]), ("dispatcher",)
        )
        town.settle()
        with suppress(Refused):
            town.order(made.case_id, "triage", "dispatcher", given.sorting())
        assert town.case(made.case_id).state == state

    assert held == "report_first"


def test_a_report_of_what_was_answered_on_the_spot_waits_for_no_case() -> None:
    town, all = opened()
    machine = Actor(ref="hotline", role="service", region="990101")
    told = form(emergency=True, answer="已告知拨打120")
    made = register(all, told, Cause(at=town.now, actor=machine), policy("990101101201", town.now)).held.state
    note = Report(of="emergency", authority="ambulance_120", at=town.now)

    desk.report(all, made.reg_id, note, Cause(at=town.now, actor=CLERK), ("clerk",))
    town.settle()

    assert not town.cases.all()


@pytest.mark.requirement("IN-38")
def test_a_request_for_help_met_on_a_home_visit_goes_to_a_unit_and_mediation_knows_what_it_is() -> None:
    town, all = opened()
    mediation = mediation_stores()
    town.bus.workers.append(MediationWorker(mediation, town.clock))
    visitor = Actor(ref=ids.derived("tests", "visitor"), role="grid_worker", region="990101101201")
    met = form(channel="visit", matter_type="help", place_kind="residence", persons_involved=1)
    made = register(all, met, Cause(at=town.now, actor=visitor), policy("990101101201", town.now)).held.state
    town.settle()

    for command, who, ask in (
        ("triage", "dispatcher", given.sorting(matter_type="help", willingness="both")),
        ("assign", "dispatcher", asks.Assign()),
    ):
        town.order(made.case_id, command, who, ask)

    case, known = town.case(made.case_id), mediation.views.load(made.case_id).state
    assert (made.matter_type, case.matter_type, case.state) == ("help", "help", "assigned")
    with pytest.raises(Refused) as refused:
        case_is_ready(known, known.tier, mediating.by())
    assert refused.value.code == "help_not_mediated"


@pytest.mark.parametrize("how", [{}, {"copies": 2, "shuffle": 7}])
@pytest.mark.requirement("IN-23")
def test_a_late_pick_up_is_told_to_the_first_receiver_and_to_the_dispatcher(how: dict[str, Any]) -> None:
    town, all = opened(**how)
    made = at_the_window(town, all)
    town.order(made.case_id, "triage", "dispatcher", given.sorting())
    town.order(made.case_id, "assign", "dispatcher", asks.Assign())

    town.pass_(minutes=59)
    in_time = follows(all)
    town.pass_(minutes=2)
    late, told = follows(all), [each.data for each in town.bus.told if each.name == "sla.breached"]
    town.order(made.case_id, "accept", "staff")

    assert (in_time, late, follows(all)) == ([False], [True], [False])
    assert {"first_receiver", "dispatcher"} <= set(told[0]["notify_roles"]) and told[0]["kind"] == "pickup"


def follows(all: Stores) -> list[bool]:
    """What the clerk still follows, and whether the unit is late with it."""
    return [one.duty.pickup_late for one in desk.mine(all, CLERK)]
