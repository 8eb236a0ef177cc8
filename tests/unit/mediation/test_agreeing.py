"""From an agreement in words to one in force, performed, and confirmed by a court."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.mediation.model import AgreementState
from services.mediation.model.commands import Sign
from services.mediation.rules import agreeing
from shared.calendar import end_of
from shared.errors import Illegal, Refused
from tests.unit.mediation.given import (
    COMMITTEE,
    DAY,
    HOUR,
    LI,
    MEDIATOR,
    MONDAY,
    WANG,
    agreed,
    by,
    county,
    draft,
    drafted,
    ended,
    everybody,
    fact,
    failed,
    opened,
    promise,
    signature,
    signed,
    told,
    view,
)  # fmt: skip

NOON = MONDAY + 3 * HOUR
DUE = end_of(date(2026, 9, 30))


def test_with_the_last_signature_the_agreement_takes_effect_and_mediation_is_over() -> None:
    decision = signed()

    assert told(decision) == [
        "mediation.noted",
        "mediation.agreement_effective",
        "mediation.matter_closed",
    ]
    said = fact(decision, "mediation.agreement_effective")
    assert (said.form, said.effective_at, said.total_amount_band) == ("written", MONDAY + HOUR, "under_10k")
    assert fact(decision, "mediation.matter_closed").result == "agreed"


@pytest.mark.parametrize("left_out", range(4))
def test_without_one_of_them_it_does_not(left_out: int) -> None:
    some = tuple(one for n, one in enumerate(everybody()) if n != left_out)

    decision = agreeing.sign(drafted(), Sign(signatures=some), by(MONDAY + HOUR))

    assert told(decision) == ["mediation.noted"]
    assert decision.state.agreement and decision.state.agreement.state is AgreementState.SIGNING


@pytest.mark.requirement("COR-19")
@pytest.mark.parametrize("how", ["ink", "thumbprint"])
def test_a_photographed_signature_on_paper_is_enough_and_needs_its_hash(how: str) -> None:
    on_paper = tuple(replace(one, how=how) if one.role == "party" else one for one in everybody())

    done = agreeing.sign(drafted(), Sign(signatures=on_paper), by(MONDAY + HOUR))
    with pytest.raises(Refused) as caught:
        agreeing.sign(
            drafted(), Sign(signatures=(signature(WANG, how=how, scan_hash=""),)), by(MONDAY + HOUR)
        )

    assert "mediation.agreement_effective" in told(done)
    assert caught.value.code == "scan_missing"


@pytest.mark.requirement("COR-19")
def test_electronic_signatures_are_for_the_county_to_accept() -> None:
    electronic = signature(WANG, how="electronic", scan_hash="")
    settings = replace(county(), mediation=replace(county().mediation, e_signature="off"))

    agreeing.sign(drafted(), Sign(signatures=(electronic,)), by(MONDAY + HOUR))
    with pytest.raises(Refused) as caught:
        agreeing.sign(drafted(), Sign(signatures=(electronic,)), by(MONDAY + HOUR, profile=settings))

    assert caught.value.code == "electronic_not_accepted"


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (signature(COMMITTEE), "signer_unknown"),
        (signature(WANG, "mediator"), "signer_unknown"),
        (signature("committee_101202", "organisation"), "signer_unknown"),
        (signature(WANG, at=MONDAY + DAY), "signed_in_the_future"),
    ],
)
def test_only_those_of_the_matter_sign_and_not_in_the_future(one: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        agreeing.sign(drafted(), Sign(signatures=(one,)), by(MONDAY + HOUR))

    assert caught.value.code == code


def test_a_text_can_be_rewritten_until_somebody_signs_it() -> None:
    rewritten = drafted(matter=drafted(), promises=(promise(amount=0), promise(amount=300_000)))
    signing = agreeing.sign(rewritten, Sign(signatures=everybody()[:1]), by(MONDAY + HOUR)).state

    assert rewritten.agreement and rewritten.agreement.total_amount == 300_000
    with pytest.raises(Illegal):
        drafted(matter=signing)


def test_nothing_is_drafted_before_the_parties_agree() -> None:
    with pytest.raises(Illegal) as caught:
        agreeing.draft(failed(), draft(), by())

    assert caught.value.details["state"] == "failed"


@pytest.mark.requirement("MD-37")
def test_nothing_is_drafted_before_the_minutes_are_written() -> None:
    with pytest.raises(Refused) as caught:
        agreeing.draft(ended("agreed", minutes=None).state, draft(), by())

    assert caught.value.code == "minutes_missing"


def test_an_agreement_by_word_of_mouth_takes_effect_at_once_when_everybody_says_yes() -> None:
    decision = agreeing.draft(agreed(), draft(form="oral", oral_yes=(WANG, LI)), by(NOON))

    assert fact(decision, "mediation.agreement_effective").effective_at == NOON
    with pytest.raises(Refused, match="各方都当场同意"):
        agreeing.draft(agreed(), draft(form="oral", oral_yes=(WANG,)), by(NOON))


def test_wages_are_agreed_in_writing() -> None:
    matter = ended("agreed", opened(known=view(category="labour_wages"))).state

    with pytest.raises(Refused, match="劳动争议调解仲裁法第十四条"):
        agreeing.draft(matter, draft(form="oral", oral_yes=(WANG, LI)), by(NOON))


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"debtor_ref": MEDIATOR}, "not_a_party"), ({"day": date(2026, 9, 6)}, "due_in_the_past")],
)
def test_an_item_has_a_party_and_a_day_to_come(changes: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        agreeing.draft(agreed(), draft(promises=(promise(**changes),)), by())

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("amount", "band"),
    [(0, "none"), (9_999, "under_10k"), (10_000, "10k-100k"), (999_999, "100k-1m"), (1_000_000, "over_1m")],
)
def test_an_amount_is_told_as_a_band(amount: int, band: str) -> None:
    assert agreeing.band(amount) == band


def test_the_words_of_an_agreement_are_sealed() -> None:
    decision = signed()

    written = repr(decision.state).encode() + repr(decision.events).encode()
    assert not any(word.encode() in written for word in ("水沟", "各半", "争执"))
