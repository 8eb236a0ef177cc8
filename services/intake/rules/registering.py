"""How a matter is taken in: registered, answered on the spot, or turned to another lawful road."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from services.intake.model.form import Form, Refusal
from services.intake.model.registration import Registration, RegistrationState, Similar
from services.intake.model.suggestion import Suggested
from services.intake.rules import checks, gates, referring
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
MACHINES = ("service", "system", "department")
AS_GIVEN = (
    "region", "channel", "matter_type", "category", "external_ref", "source_domain", "grid_id", "place_kind",
    "persons_involved", "units_involved", "flags", "emergency", "resident_waiting", "confidentiality",
    "window", "zone", "duty_leader", "finding_id", "import_id", "import_row", "linkage_stage",
)  # fmt: skip
"""Codes and counts of the form that are kept as they are; its words are sealed."""
ALWAYS = ("reg_id", "case_id", "case_no", "channel", "matter_type", "region", "received_at")
TO_HANDLE = (
    "grid_id", "place_kind", "persons_band", "flags", "protected", "emergency", "resident_waiting",
    "discovered_at", "first_receiver", "receiving_unit", "finding_id", "referred", "linkage_stage",
)  # fmt: skip
"""What every ending of a registration tells, and what those need besides who handle the matter."""
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
    suggested: Suggested | None = None,
) -> Decision[Registration]:
    """A new registration of a cleaned and checked form, with everything it tells, in one write."""
    state = Registration(
        reg_id=minted.reg_id,
        case_id=minted.case_id,
        case_no=minted.case_no,
        profile_version=policy.profile_version,
        out_of_hours=policy.out_of_hours,
        first_receiver=first_receiver(form, actor, policy),
        registered_at=now,
        possible_duplicates=similar,
        request_key=request_key or None,
        suggested=suggested,
        desk=gates.desk(form, actor, now),
        answerable=_answerable(form, actor, policy),
        **_taken_by(actor),
        **_decided(form, now),
        **{name: getattr(form, name) for name in AS_GIVEN},
        **vars(kept),
    )
    return Decision(state=state, events=_told(state, minted), reason=state.state)


def _taken_by(actor: Actor) -> dict[str, Any]:
    return {"created_by": actor.ref, "created_role": actor.role, "receiving_unit": actor.unit or None}


def _decided(form: Form, now: datetime) -> dict[str, Any]:
    """What follows from the form: which way the matter goes, who may see it, which times can be true."""
    return {
        "state": _state(form),
        "protected": protected(form),
        "persons_band": persons_band(form),
        "not_given": checks.not_given(form),
        "refusal": form.not_accepted,
        "referred": referring.is_referral(form),
        "answered_at": (form.answered_at or now) if form.answer else None,
        "received_at": min(form.received_at or now, now),
        "discovered_at": min(form.discovered_at, now) if form.discovered_at else None,
    }


def _state(form: Form) -> RegistrationState:
    if form.not_accepted:
        return "not_accepted"
    return "answered" if form.answer else "registered"


def take_up(state: Registration) -> Decision[Registration] | None:
    """What was answered on the spot was not: the matter is handled after all, under the number it has."""
    if state.state != "answered":
        return None
    after = replace(state, state="registered", answerable=state.first_receiver)
    return Decision(state=after, events=(_accepted(after),), reason="spot_check_not_answered")


def protected(form: Form) -> bool:
    """Complaints under secrecy, and matters of harmed people and children, are for few eyes (DOMAIN 3.9)."""
    few = form.confidentiality == "complaint_protected" or bool(form.harm)
    return few or any(p.minor_u14 for p in form.parties)


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


def _answerable(form: Form, actor: Actor, policy: Policy) -> str:
    return first_receiver(form, actor, policy) if _state(form) == "registered" else ""


def persons_band(form: Form) -> PersonsBand:
    """How many people, as roughly as others may know it."""
    if form.persons_involved is None:
        return form.persons_band or UNKNOWN
    return next((band for least, band in _BANDS if form.persons_involved >= least), UNKNOWN)


def _told(state: Registration, minted: Minted) -> tuple[Event, ...]:
    received = RegistrationReceived(
        **_of(state, "reg_id", "channel", "matter_type", "case_id"),
        external_ref_hash=minted.external_ref_hash,
    )
    if state.refusal:
        return received, _not_accepted(state, state.refusal)
    return received, _answered(state, state.answered_at) if state.answered_at else _accepted(state)


def _of(state: Registration, *names: str) -> dict[str, Any]:
    """What an event tells as it is kept."""
    return {name: getattr(state, name) for name in names}


def _accepted(state: Registration) -> RegistrationAccepted:
    category = None if state.protected else state.category
    told = _of(state, *ALWAYS, "registered_at", *TO_HANDLE) | _suggested(state)
    return RegistrationAccepted(**told, category=category, report_due=bool(state.desk.reports_due))


def _suggested(state: Registration) -> dict[str, Any]:
    """What was suggested, as codes; of a protected matter nothing, for its kind is for few eyes."""
    if state.suggested is None or state.protected:
        return {}
    return {f"suggested_{name}": value for name, value in vars(state.suggested).items()}


def _answered(state: Registration, answered_at: datetime) -> RegistrationAnswered:
    return RegistrationAnswered(**_of(state, *ALWAYS), answered_at=answered_at)


def _not_accepted(state: Registration, refusal: Refusal) -> RegistrationNotAccepted:
    return RegistrationNotAccepted(
        **_of(state, *ALWAYS, "registered_at"), reason=refusal.reason, route=refusal.route
    )
