"""`ask.disclose` and `ask.files` of the SDK against the real services, over HTTP.

By a department of the file, and by one onboarded at run time with the password of its claim link.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from services.identity.api import create_app as identity_app
from services.identity.store import memory_stores as identity_stores
from services.identity.worker import IdentityWorker
from services.intake.api import create_app as intake_app
from services.intake.handlers import disclosing, files
from services.intake.handlers.policy import policy
from services.intake.handlers.registering import register
from services.intake.model import Agreement, Registration
from services.intake.rules.files import Upload
from services.intake.store import memory_stores as intake_stores
from services.intake.worker import IntakeWorker
from services.routing.handlers import departments
from services.routing.model import commands as asks
from services.routing.model.department import Checked
from services.routing.model.department_asks import AskLink, Conformance, Pause
from services.routing.rules import connection
from services.routing.store.papers import IntakePapers
from shared import ids
from shared.contracts import wire
from shared.contracts.edge import AnswerReturned
from shared.decision import Actor, Cause
from shared.errors import Refused
from shared.settings import settings
from shared.web.site import KEY
from tests import routing_given as given
from tests.journeys.https import served
from tests.routing_town import Town
from tests.signing import machine, secrets_folder
from tests.unit.intake.forms import PHONE, applicant, form
from yizhan_adapter import Ask, NeverPossible, TryLater
from yizhan_adapter import asks as sdk
from yizhan_adapter.disclosures import Vault

FORESTRY, LABOUR = "forestry", "human_resources"
LAW = "labour_law.77"
ADMIN = Actor(ref="admin", role="sys_admin", region="990101")
DIRECTOR = Actor(ref="director", role="director", region="990101")
CLERK = Actor(ref=ids.derived("tests", "clerk"), role="clerk", unit="centre_101", region="990101101")
EXAMINED = Conformance(
    kit="1.0", schema_versions=("ask.handle_case.v1",),
    cases=tuple(Checked(name=f"case_{n}", passed=True) for n in range(connection.KIT_CASES)),
)  # fmt: skip


class County:
    """Routing, intake and identity, the last two over HTTP."""

    def __init__(self) -> None:
        self.town, self.intake, self.identity = Town(), intake_stores(), identity_stores()
        clock = self.town.clock
        self.town.bus.workers += [IntakeWorker(self.intake, clock), IdentityWorker(self.identity, clock)]
        apps = {"intake": intake_app(self.intake, clock), "identity": identity_app(self.identity)}
        site = apps["identity"].extensions[KEY]
        apps["identity"].extensions[KEY] = replace(site, clock=clock)
        self.apps, self.url = apps, ""

    def onboarded(self) -> str:
        """The forestry office, which the county's file does not have; the password it claimed."""
        ask = AskLink(link="mailbox", region="990101", name="林业局", kind="department")
        departments.ask_link(self.town.stores, FORESTRY, self._cause(ADMIN), ask)
        self.order(connection.approve, DIRECTOR)
        self.order(connection.provisioned, ADMIN)
        _, token = departments.offer(self.town.stores, FORESTRY, self._cause(ADMIN))
        password = departments.claim(self.town.stores, FORESTRY, token, self.town.now)["password"]
        self.order(lambda department, by: connection.conformed(department, EXAMINED, by), ADMIN)
        return str(password)

    def order(self, rule: connection.Step, who: Actor) -> None:
        departments.change(self.town.stores, FORESTRY, self._cause(who), rule)
        self.town.settle()

    def _cause(self, who: Actor) -> Cause:
        return Cause(at=self.town.now, actor=who, key=ids.new())

    def handed(self, unit: str) -> Registration:
        """A matter with a paper, which the unit was handed."""
        now = self.town.now
        respondent = applicant(role="respondent", name="乙某")
        taken = form(category="labour_wages", parties=(applicant(name="甲某"), respondent))
        made = register(self.intake, taken, self._cause(CLERK), policy("990101101201", now)).held.state
        paper = Upload(data=b"%PDF-1.7 wages", media_type="application/pdf", name="工资条.pdf")
        files.attach(self.intake, made.reg_id, paper, self._cause(CLERK), ("clerk",))
        self.town.settle()
        sorted_ = given.sorting(category="labour_wages", complexity="complex", tier="county")
        self.town.order(made.case_id, "triage", "dispatcher", sorted_)
        order = asks.Assign(lead_unit=unit, reason="dispatcher_decides")
        self.town.order(made.case_id, "assign", "dispatcher", order)
        self.town.pass_(seconds=1)
        return made

    def agree(self, unit: str, *fields: str) -> None:
        now = self.town.now
        terms = Agreement(
            agreement_id=ids.new(), region="990101", unit=unit, purpose="handling", fields=fields,
            legal_basis=LAW, reference="", valid_from=now, made_by=ids.new(),
            valid_until=now + timedelta(days=365),
        )  # fmt: skip
        disclosing.agree(self.intake, terms, self._cause(DIRECTOR))

    def ask(self, unit: str, secret: str, basis: str = LAW) -> Ask:
        """The ask as the unit's adapter has it, able to reach the centre."""
        (body,) = [wire.encode(event) for event in self.town.asks(unit)]
        vault = Vault(self.url, unit, lambda: secret, basis)
        return replace(sdk.read(body, sdk.CONTENT_TYPE, unit), vault=vault)


@pytest.fixture
def county() -> Iterator[County]:
    secrets_folder()
    place = County()
    with served(place.apps) as place.url:
        yield place


def of_the_file(county: County) -> str:
    secret = "secret-of-labour"
    (secrets_folder() / f"dept_{LABOUR}").write_text(secret)
    return secret


@pytest.mark.requirement("COR-02", "XE-08")
@pytest.mark.parametrize("unit", [FORESTRY, LABOUR])
def test_an_adapter_gets_names_with_their_roles_and_papers_by_claim_check(county: County, unit: str) -> None:
    secret = county.onboarded() if unit == FORESTRY else of_the_file(county)
    county.agree(unit, "name", "phone")
    made = county.handed(unit)
    ask = county.ask(unit, secret)

    found = ask.disclose(["name", "phone"], "handling")
    (paper,) = ask.files()

    (first,), (second,) = found.of("applicant"), found.of("respondent")
    assert first.values == {"name": "甲某", "phone": PHONE}
    assert second.values["name"] == "乙某"
    assert (paper.kind, paper.read()) == ("pdf", b"%PDF-1.7 wages")
    assert ask.disclose(["name", "phone"], "handling").receipt_id == found.receipt_id  # asked again: the same
    (receipt,) = [
        r for held in county.intake.disclosures.having(case_id=made.case_id) for r in held.state.receipts
    ]
    assert (receipt.receipt_id, receipt.legal_basis) == (found.receipt_id, LAW)


@pytest.mark.requirement("COR-02", "XE-08")
def test_what_is_not_agreed_is_refused_with_the_reason_and_never_tried_again(county: County) -> None:
    secret = county.onboarded()
    county.agree(FORESTRY, "name")
    county.handed(FORESTRY)
    ask = county.ask(FORESTRY, secret)

    refusals = {
        "no_agreement": (["name"], "handling", "forest_law.1"),
        "purpose_not_agreed": (["name"], "contact", ""),
        "fields_not_agreed": (["name", "id_no"], "handling", ""),
        "a basis is the code of a law": (["name"], "handling", "森林法第一条"),
    }
    for reason, (names, purpose, basis) in refusals.items():
        with pytest.raises(NeverPossible, match=reason):
            ask.disclose(names, purpose, basis)


@pytest.mark.requirement("COR-02")
def test_who_rests_is_given_nothing_until_the_rest_is_over(county: County) -> None:
    secret = county.onboarded()
    county.agree(FORESTRY, "name")
    county.handed(FORESTRY)
    ask = county.ask(FORESTRY, secret)
    county.order(lambda found, by: connection.suspend(found, Pause(reason="misuse"), by), DIRECTOR)

    for claim in (lambda: ask.disclose(["name"], "handling"), ask.files):
        with pytest.raises(TryLater, match="department_suspended"):
            claim()

    county.order(connection.resume, DIRECTOR)
    assert county.ask(FORESTRY, secret).disclose(["name"], "handling").of("applicant")


def test_a_file_that_is_not_what_was_listed_is_not_believed(county: County) -> None:
    secret = of_the_file(county)
    county.handed(LABOUR)
    (paper,) = county.ask(LABOUR, secret).files()

    with pytest.raises(TryLater, match="other bytes"):
        replace(paper, fetch=lambda address: b"%PDF-1.7 forged").read()


def test_a_case_given_back_opens_neither_names_nor_papers(county: County) -> None:
    secret = of_the_file(county)
    county.agree(LABOUR, "name")
    county.handed(LABOUR)
    ask = county.ask(LABOUR, secret)
    county.town.answer(LABOUR, AnswerReturned(delivery_id=ask.delivery_id, reason="not_competent"))

    for claim in (lambda: ask.disclose(["name"], "handling"), ask.files):
        with pytest.raises(NeverPossible, match="handover_over"):
            claim()


def test_an_agreement_with_a_unit_that_nobody_connected_is_refused(county: County) -> None:
    with pytest.raises(Refused, match="没有这个单位"):
        county.agree(FORESTRY, "name")


class Asked(IntakePapers):
    """Routing's own question, to the services of this test."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BASE_URL", url)
        settings.cache_clear()
        super().__init__(lambda: machine("routing")["Authorization"].removeprefix("Bearer "))


def test_a_unit_that_works_at_a_desk_reads_the_papers_on_its_page(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = county.handed(LABOUR)
    (ask,) = county.town.asks(LABOUR)
    papers = Asked(county.url, monkeypatch)

    (paper,) = papers.of(ask.data["delivery_id"]) or ()
    fetched = requests.get(county.url + paper.address, timeout=5)
    nothing = papers.of(ids.new())

    assert (paper.kind, fetched.content) == ("pdf", b"%PDF-1.7 wages")
    assert nothing is None
    (read,) = [e for e in county.intake.audit.entries() if e.action == "file.read"]
    assert (read.actor, read.result) == (f"dept_{LABOUR}", "ok")
    path = f"{county.url}/intake/deliveries/{ask.data['delivery_id']}/files"
    assert requests.get(path, headers=machine("hotline12345"), timeout=5).status_code == 403
    assert made.case_id == ask.data["case_id"]
    settings.cache_clear()
