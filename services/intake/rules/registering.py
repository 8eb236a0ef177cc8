"""How a matter is taken in: registered, answered on the spot, or turned to another lawful road."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from services.intake.model.form import Form
from services.intake.model.registration import Registration, RegistrationState, Similar
from services.intake.rules import checks
from services.intake.rules.policy import Policy
from services.intake.rules.sealing import Vaulted
from shared.contracts.base import Event
from shared.contracts.fields import PersonsBand
from shared.contracts.intake import (
    RegistrationAccepted,
    RegistrationAnswered,
    RegistrationNotAccepted,
    RegistrationReceived,
)
from shared.decision import Actor, Decision
from shared.errors import Illegal, Refused

EMERGENCY = "情况紧急请立即拨打：报警110、火警119、急救120、交通事故122。登记不能代替报警。"
UNKNOWN: PersonsBand = "unknown"
MACHINES = ("service", "system")
_BANDS: tuple[tuple[int, PersonsBand], ...] = ((30, "30+"), (10, "10-29"), (5, "5-9"), (2, "2-4"), (1, "1"))


@dataclass(frozen=True, kw_only=True)
class Minted:
    """The numbers that a registration leaves with."""

    reg_id: str
    case_id: str
    case_no: str
    external_ref_hash: str | None = None


def ask_about(similar: tuple[Similar, ...]) -> None:
    """Raises Illegal with the numbers of the earlier matters that look the same, if there are any (IN-01)."""
    if similar:
        said = "可能与已登记的事项相同，请核对：是同一件就用原来的编号，不是就照样登记"
        asked = Illegal(said, state="registered", allowed=["flag"], code="possible_duplicate")
        asked.details["possible_duplicates"] = [asdict(one) for one in similar]
        raise asked


def case_no(county6: str, year: int, sequence: int) -> str:
    """The number that a matter keeps through every department: county, year of registration, sequence."""
    return f"{county6}-{year}-{sequence:06d}"


def register(
    form: Form,
    kept: Vaulted,
    minted: Minted,
    *,
    similar: tuple[Similar, ...],
    policy: Policy,
    actor: Actor,
    now: datetime,
    request_key: str = "",
) -> Decision[Registration]:
    """A new registration of a cleaned and checked form, with everything it tells, in one write."""
    state = _registration(form, kept, minted, similar, policy, actor, now, request_key)
    return Decision(state=state, events=_told(state, minted), reason=state.state)


def _registration(
    form: Form,
    kept: Vaulted,
    minted: Minted,
    similar: tuple[Similar, ...],
    policy: Policy,
    actor: Actor,
    now: datetime,
    request_key: str,
) -> Registration:
    return Registration(
        reg_id=minted.reg_id,
        case_id=minted.case_id,
        case_no=minted.case_no,
        region=form.region,
        profile_version=policy.profile_version,
        protected=protected(form),
        state=_state(form),
        channel=form.channel,
        matter_type=form.matter_type,
        category=form.category,
        first_receiver=first_receiver(form, actor, policy),
        registered_at=now,
        received_at=min(form.received_at or now, now),
        query_code=kept.query_code,
        summary=kept.summary,
        title=kept.title,
        requests=kept.requests,
        place=kept.place,
        answer=kept.answer,
        parties=kept.parties,
        attachments=kept.attachments,
        receiving_unit=actor.unit or None,
        external_ref=form.external_ref,
        source_domain=form.source_domain,
        grid_id=form.grid_id,
        place_kind=form.place_kind,
        discovered_at=min(form.discovered_at, now) if form.discovered_at else None,
        persons_involved=form.persons_involved,
        persons_band=persons_band(form),
        units_involved=form.units_involved,
        flags=form.flags,
        emergency=form.emergency,
        resident_waiting=form.resident_waiting,
        out_of_hours=policy.out_of_hours,
        confidentiality=form.confidentiality,
        window=form.window,
        zone=form.zone,
        duty_leader=form.duty_leader,
        not_given=checks.not_given(form),
        possible_duplicates=similar,
        refusal=form.not_accepted,
        answered_at=(form.answered_at or now) if form.answer else None,
        finding_id=form.finding_id,
        import_id=form.import_id,
        import_row=form.import_row,
        created_by=actor.ref,
        created_role=actor.role,
        request_key=request_key or None,
        person_marks=kept.person_marks,
        query_marks=kept.query_marks,
        text_mark=kept.text_mark,
    )


def _state(form: Form) -> RegistrationState:
    if form.not_accepted:
        return "not_accepted"
    return "answered" if form.answer else "registered"


def protected(form: Form) -> bool:
    """Complaints under secrecy, and matters of children under fourteen, are for few eyes (DOMAIN 3.9)."""
    return form.confidentiality == "complaint_protected" or any(p.minor_u14 for p in form.parties)


def first_receiver(form: Form, actor: Actor, policy: Policy) -> str:
    """Who stays answerable until the resident is answered (IN-22, COR-09).

    The person who took it in; where a machine or a file did, the person it names, or the post on the rota.
    Raises Refused when a person names somebody else.
    """
    if actor.role in MACHINES or form.import_id:
        return form.first_receiver or policy.receiver
    if form.first_receiver not in (None, actor.ref):
        fault = {"first_receiver": ["首问责任人是第一位接待的人，不能另填"]}
        raise Refused("首问责任人不能另填", code="first_receiver_fixed", fields=fault)
    return actor.ref


def persons_band(form: Form) -> PersonsBand:
    """How many people, as roughly as others may know it."""
    if form.persons_involved is None:
        return form.persons_band or UNKNOWN
    return next((band for least, band in _BANDS if form.persons_involved >= least), UNKNOWN)


def _told(state: Registration, minted: Minted) -> tuple[Event, ...]:
    received = RegistrationReceived(
        reg_id=state.reg_id,
        channel=state.channel,
        matter_type=state.matter_type,
        external_ref_hash=minted.external_ref_hash,
        case_id=state.case_id,
    )
    if state.refusal:
        return received, _not_accepted(state)
    return received, _answered(state) if state.answered_at else _accepted(state)


def _accepted(state: Registration) -> RegistrationAccepted:
    return RegistrationAccepted(
        reg_id=state.reg_id,
        case_id=state.case_id,
        case_no=state.case_no,
        channel=state.channel,
        matter_type=state.matter_type,
        category=None if state.protected else state.category,
        region=state.region,
        grid_id=state.grid_id,
        place_kind=state.place_kind,
        persons_band=state.persons_band,
        flags=state.flags,
        protected=state.protected,
        emergency=state.emergency,
        resident_waiting=state.resident_waiting,
        discovered_at=state.discovered_at,
        received_at=state.received_at,
        registered_at=state.registered_at,
        first_receiver=state.first_receiver,
        receiving_unit=state.receiving_unit,
        finding_id=state.finding_id,
    )


def _answered(state: Registration) -> RegistrationAnswered:
    assert state.answered_at
    return RegistrationAnswered(
        reg_id=state.reg_id,
        case_id=state.case_id,
        case_no=state.case_no,
        channel=state.channel,
        matter_type=state.matter_type,
        region=state.region,
        received_at=state.received_at,
        answered_at=state.answered_at,
    )


def _not_accepted(state: Registration) -> RegistrationNotAccepted:
    assert state.refusal
    return RegistrationNotAccepted(
        reg_id=state.reg_id,
        case_id=state.case_id,
        case_no=state.case_no,
        channel=state.channel,
        matter_type=state.matter_type,
        region=state.region,
        reason=state.refusal.reason,
        route=state.refusal.route,
        received_at=state.received_at,
        registered_at=state.registered_at,
    )
