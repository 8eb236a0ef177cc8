"""A department gets a case, then what it needs to act: names by agreement, files by link; then no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.intake.handlers import disclosing, files
from services.intake.handlers.policy import policy
from services.intake.handlers.registering import register
from services.intake.model import Agreement, Registration
from services.intake.rules.files import Upload
from services.intake.rules.sharing import Want
from services.intake.store import Stores, memory_stores
from services.intake.worker import IntakeWorker
from services.routing.model import commands as asks
from services.routing.model.delivery import delivery_id
from shared import ids
from shared.contracts.edge import AnswerAccepted, AnswerReturned
from shared.decision import Actor, Cause
from shared.errors import Forbidden, NotFound
from tests import routing_given as given
from tests.routing_town import Town
from tests.signing import secrets_folder
from tests.unit.intake.forms import PHONE, form

LABOUR = "human_resources"
CLERK = Actor(ref=ids.derived("tests", "clerk"), role="clerk", unit="centre_101", region="990101101")
SYSTEM = Actor(ref=f"dept_{LABOUR}", role="department", unit=LABOUR, region="990101")


def handed(**how: Any) -> tuple[Town, Stores, Registration]:
    """A wage dispute with a paper, which the labour department was handed."""
    secrets_folder()
    town, all = Town(**how), memory_stores()
    town.bus.workers.append(IntakeWorker(all, town.clock))
    known, taken = policy("990101101201", town.now), form(category="labour_wages")
    made = register(all, taken, Cause(at=town.now, actor=CLERK), known).held.state
    paper = Upload(data=b"%PDF-1.7 wages", media_type="application/pdf", name="工资条.pdf")
    files.attach(all, made.reg_id, paper, Cause(at=town.now, actor=CLERK), ("clerk",))
    town.settle()
    sorted_ = given.sorting(category="labour_wages", complexity="complex", tier="county")
    town.order(made.case_id, "triage", "dispatcher", sorted_)
    town.order(made.case_id, "assign", "dispatcher", asks.Assign())
    town.pass_(seconds=1)
    return town, all, made


def agree(town: Town, all: Stores) -> None:
    terms = Agreement(
        agreement_id=ids.new(), region="990101", unit=LABOUR, purpose="handling", fields=("name", "phone"),
        legal_basis="labour_law.77", reference="", valid_from=town.now, made_by=ids.new(),
        valid_until=town.now + timedelta(days=365),
    )  # fmt: skip
    disclosing.agree(all, terms, Cause(at=town.now, actor=CLERK))


def claim(town: Town, all: Stores, made: Registration) -> list[dict[str, Any]]:
    want = Want(
        recipient_unit=LABOUR, case_id=made.case_id, fields=("name", "phone"), purpose="handling",
        basis="labour_law.77",
    )  # fmt: skip
    return disclosing.parties(all, disclosing.disclose(all, want, Cause(at=town.now, actor=SYSTEM)))


@pytest.mark.requirement("COR-02", "XE-08")
@pytest.mark.parametrize("how", [{}, {"copies": 2, "shuffle": 5}])
def test_the_department_acts_with_names_and_papers_that_no_event_carried(how: dict[str, Any]) -> None:
    town, all, made = handed(**how)
    agree(town, all)
    (ask,) = town.asks(LABOUR)
    id = ask.data["delivery_id"]

    (party,) = claim(town, all, made)
    (paper,) = files.linked(all, id, Cause(at=town.now, actor=SYSTEM))
    token = paper.address.partition("link=")[2]
    _, data = files.by_link(all, paper.file.sha256, token, "", town.now)
    town.answer(LABOUR, AnswerAccepted(delivery_id=id, accepted_at=town.now))

    assert party["values"] == {"name": "甲某", "phone": PHONE}
    assert (ask.data["dataref"], data) == (f"/intake/deliveries/{id}/files", b"%PDF-1.7 wages")
    told = repr(town.bus.told)
    assert PHONE not in told and "甲某" not in told and "工资条" not in told
    names = [event.name for event in town.bus.told]
    assert names.count("vault.disclosed") == names.count("file.attached") == 1


@pytest.mark.requirement("COR-02")
@pytest.mark.parametrize("how", [{}, {"copies": 2, "shuffle": 9}])
def test_who_gave_the_case_back_is_given_nothing_any_more(how: dict[str, Any]) -> None:
    town, all, made = handed(**how)
    agree(town, all)
    id = delivery_id(made.case_id, LABOUR, 1)

    town.answer(LABOUR, AnswerReturned(delivery_id=id, reason="not_competent"))

    with pytest.raises(Forbidden):
        claim(town, all, made)
    with pytest.raises(Forbidden):
        files.linked(all, id, Cause(at=town.now, actor=SYSTEM))
    elsewhere = Actor(ref="dept_court", role="department", unit="court", region="990101")
    with pytest.raises(NotFound):
        files.linked(all, id, Cause(at=town.now, actor=elsewhere))
