"""From words to an agreement in force: drafting, signing, or recording what was agreed by word of mouth."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.mediation.model import Agreement, AgreementState, Item, Matter
from services.mediation.model.commands import Draft, Promise, Sign
from services.mediation.model.table import AGREEMENT, must_allow
from services.mediation.model.words import MUST_BE_WRITTEN
from services.mediation.rules import clocks, ending, signing
from services.mediation.rules.by import By
from services.mediation.rules.step import entered, moved, noted, then
from shared import ids
from shared.calendar import day_of, end_of, midnight
from shared.contracts.fields import AmountBand
from shared.contracts.mediation import MediationAgreementEffective
from shared.decision import Decision
from shared.errors import Refused

BANDS: tuple[tuple[int, AmountBand], ...] = (
    (0, "none"),
    (10_000, "under_10k"),
    (100_000, "10k-100k"),
    (1_000_000, "100k-1m"),
)
WINDOW = "confirm_window"


def draft(matter: Matter, ask: Draft, by: By) -> Decision[Matter]:
    """An agreement is put into words; one by word of mouth takes effect at once (人民调解法 art. 28-30)."""
    entered(matter, "draft", by)
    if matter.agreement:
        must_allow(AGREEMENT, matter.agreement.state, "draft")
    if not any(session.minutes for session in matter.sessions):
        raise Refused("先写好调解笔录，再立协议", code="minutes_missing")
    form_is_lawful(matter, ask, by)
    agreement = _drafted(matter, ask, by)
    told = noted(matter, "agreement.drafted")
    drafted = moved(matter, by, told, reason="起草协议", agreement=agreement)
    return in_force(drafted, by.at, by) if ask.form == "oral" else drafted


def form_is_lawful(matter: Matter, ask: Draft, by: By) -> None:
    """Some kinds must be in writing; by word of mouth everybody must have said yes."""
    strangers = [p.debtor_ref for p in ask.promises if p.debtor_ref not in matter.refs]
    if strangers:
        raise Refused("履行人不是本案当事人", code="not_a_party", parties=strangers)
    if any(promise.day < day_of(by.at) for promise in ask.promises):
        raise Refused("履行日期不能早于今天", code="due_in_the_past")
    if ask.form == "written":
        return
    law = MUST_BE_WRITTEN.get(matter.category or "")
    if law or not by.profile.mediation.oral_allowed:
        raise Refused(f"这类协议须用书面（{law or '本县规定'}）", code="must_be_written")
    if set(ask.oral_yes) != set(matter.refs):
        raise Refused("口头协议须各方都当场同意", code="oral_yes_missing", parties=list(matter.refs))


def _drafted(matter: Matter, ask: Draft, by: By) -> Agreement:
    agr_id = ids.derived("agreement", matter.mm_id)

    def seal(text: str, field: str) -> bytes:
        return by.sealer.seal(text, owner=matter.mm_id, field=f"{agr_id}.{field}")

    return Agreement(
        agr_id=agr_id,
        form=ask.form,
        state=AgreementState.DRAFT,
        drafted_at=by.at,
        facts=seal(ask.facts, "facts"),
        responsibility=seal(ask.responsibility, "responsibility"),
        oral_yes=ask.oral_yes,
        items=tuple(
            _item(
                n,
                promise,
                what=seal(promise.what, f"item.{n}.what"),
                place=seal(promise.place, f"item.{n}.place") if promise.place else None,
                by=by,
            )
            for n, promise in enumerate(ask.promises, 1)
        ),
    )


def _item(no: int, promise: Promise, *, what: bytes, place: bytes | None, by: By) -> Item:
    return Item(
        no=no,
        what=what,
        place=place,
        debtor_ref=promise.debtor_ref,
        way=promise.way,
        amount=promise.amount,
        due_at=end_of(promise.day),
        remind_at=midnight(promise.day) + by.profile.calendar.duty.start,
    )


def sign(matter: Matter, ask: Sign, by: By) -> Decision[Matter]:
    """Signatures are added; with the last one that is needed the agreement takes effect."""
    entered(matter, "sign", by)
    agreement = matter.agreement
    if agreement is None:
        raise Refused("还没有协议文本", code="agreement_missing")
    row = must_allow(AGREEMENT, agreement.state, "sign")
    signing.signatures_are_good(matter, ask, by)
    signed = replace(
        agreement,
        signatures=signing.added(agreement.signatures, ask.signatures),
        state=AgreementState(row.to or agreement.state),
    )
    told = noted(matter, "agreement.signed")
    step = moved(matter, by, told, reason="签署协议", agreement=signed)
    if signing.missing(step.state):
        return step
    return in_force(step, max(each.signed_at for each in signed.signatures), by)


def in_force(step: Decision[Matter], at: datetime, by: By) -> Decision[Matter]:
    """The agreement takes effect: the window for judicial confirmation opens, and mediation is over."""
    matter, agreement = step.state, step.state.agreement
    assert agreement is not None
    window = clocks.started(matter.mm_id, WINDOW, by, at)
    effective = replace(
        agreement, state=AgreementState.EFFECTIVE, effective_at=at, confirm_deadline=window.due_at
    )
    told = MediationAgreementEffective(
        mm_id=matter.mm_id,
        agr_id=agreement.agr_id,
        case_id=matter.case_id,
        form=agreement.form,
        effective_at=at,
        confirm_deadline=window.due_at,
        total_amount_band=band(agreement.total_amount),
    )
    running = (*matter.clocks, window)
    agreed = then(step, moved(matter, by, told, reason="协议生效", agreement=effective, clocks=running))
    return then(agreed, ending.closed(agreed.state, "agreed", by, reason="agreement_effective"))


def band(amount: int) -> AmountBand:
    """The band of an amount in yuan: events never carry the amount itself."""
    if amount == 0:
        return "none"
    return next((name for limit, name in BANDS if amount < limit), "over_1m")
