"""Who may see what of a registration: the record with masked numbers, and sealed fields for a purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.intake.model import Registration, Reveal
from services.intake.model.reveal import PURPOSES, ROLES, SECOND_PERSON
from services.intake.model.words import FIELDS, PERSONAL
from services.intake.rules.disclosing import Look
from shared.contracts.base import Event
from shared.contracts.intake import PrivacyRevealDenied, PrivacyRevealGranted
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal, NotFound, Refused

READERS = (
    *ROLES,
    "leader",
    "deputy_leader",
    "principal_leader",
    "political_legal_commissioner",
    "supervisor",
)
WAITS, SHOWN = timedelta(hours=24), timedelta(hours=1)  # until nobody agrees any more; to look after it
FEW = ("dispatcher", "director", "petition_officer", "service")  # who sees protected matters without a task


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Which sealed fields of which party somebody wants to see, and why."""

    party_id: str
    case_id: str
    fields: tuple[str, ...]
    purpose: str


def check(ask: Ask) -> None:
    """Raises Refused for a purpose or a field that is not on the list."""
    faults: dict[str, list[str]] = {}
    if ask.purpose not in PURPOSES:
        faults["purpose"] = [f"请选择用途：{_listed(PURPOSES)}"]
    if not ask.fields or any(field not in PERSONAL for field in ask.fields):
        listed = _listed({field: FIELDS[field] for field in PERSONAL})
        faults["fields"] = [f"请选择要查看的内容：{listed}"]
    if faults:
        raise Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields=faults)


def _listed(codes: Mapping[str, str]) -> str:
    return "、".join(f"{code} {name}" for code, name in codes.items())


def hindrance(
    registration: Registration, units: Callable[[], Sequence[str]], actor: Actor, roles: Sequence[str]
) -> str:
    """Why somebody may not see a registration; empty when they may. `units` finds who works on its case.

    The unit complained about learns not even that it exists (DOMAIN 3.9 rule 7).
    """
    if "service" in roles:
        return ""
    if registration.protected and actor.unit and actor.unit in registration.units_involved:
        return "unit_complained_about"
    hindered = _hindrance(registration, actor, roles)
    own = actor.unit == registration.receiving_unit or actor.ref == registration.first_receiver
    return "" if not hindered or own or actor.unit in units() else hindered


def _hindrance(registration: Registration, actor: Actor, roles: Sequence[str]) -> str:
    """Why somebody without a part in this very matter may not see it."""
    if registration.protected and not any(role in FEW for role in roles):
        return "protected"
    if not registration.region.startswith(actor.region):
        return "out_of_region"
    return "" if any(role != "unit_staff" for role in roles) else "not_on_case"


def decide(
    ask: Ask,
    registration: Registration,
    hindered: str,
    reveal_id: str,
    *,
    actor: Actor,
    roles: Sequence[str],
    now: datetime,
    over: bool = False,
) -> Decision[Reveal]:
    """Grant or deny, and keep a record of it either way; `over` the limit it waits for a second person."""
    reason = hindered or _reason(ask, registration, roles) or (SECOND_PERSON if over else "")
    state = Reveal(
        reveal_id=reveal_id,
        region=registration.region,
        reg_id=registration.reg_id,
        case_id=registration.case_id,
        party_id=ask.party_id,
        fields=ask.fields,
        purpose=ask.purpose,
        asked_by=actor.ref,
        asked_role=actor.role,
        asked_unit=actor.unit,
        asked_at=now,
        granted=not reason,
        reason=reason,
    )
    return Decision(state=state, events=(_told(state),), reason=reason or ask.purpose)


def _reason(ask: Ask, registration: Registration, roles: Sequence[str]) -> str:
    if not any(role in ROLES for role in roles):
        return "role_missing"
    return "" if ask.case_id == registration.case_id else "other_case"


def approve(reveal: Reveal, *, actor: Actor, now: datetime) -> Decision[Reveal]:
    """A second person agrees to a look above the limit. Raises Forbidden for the same person, and Illegal."""
    if not reveal.waits or now - reveal.asked_at > WAITS:
        raise Illegal("这次查看不在等待同意", state="decided", allowed=[])
    if actor.ref == reveal.asked_by:
        raise Forbidden("须由另一人同意，不能自己批准自己", code="same_person")
    agreed = replace(reveal, granted=True, approved_by=actor.ref, approved_at=now)
    return Decision(state=agreed, events=(_told(agreed),), reason="second_person")


def check_show(reveal: Reveal, *, actor: Actor, now: datetime) -> None:
    """Raises NotFound for somebody else, Forbidden while it waits or when the agreement is an hour old."""
    if reveal.asked_by != actor.ref:
        raise NotFound("没有找到这次查看", code="reveal_not_found")
    if not reveal.granted or reveal.approved_at is None or now - reveal.approved_at > SHOWN:
        raise Forbidden("还没有另一人同意，或者同意已过期", code=SECOND_PERSON)


def looks(reveals: Iterable[Reveal], units: Mapping[str, str], posts: Mapping[str, str]) -> Iterator[Look]:
    """Who of the centre was shown what, in words for the resident: the unit and the post, not the name."""
    for reveal in reveals:
        if reveal.granted:
            yield Look(
                unit=units.get(reveal.asked_unit, "中心"),
                post=posts.get(reveal.asked_role, "工作人员"),
                at=reveal.approved_at or reveal.asked_at,
                purpose=PURPOSES[reveal.purpose],
                fields=tuple(FIELDS[field] for field in reveal.fields),
            )


def _told(state: Reveal) -> Event:
    unit = state.asked_unit or None
    if state.granted:
        return PrivacyRevealGranted(
            reveal_id=state.reveal_id,
            case_id=state.case_id,
            purpose=state.purpose,
            field_codes=state.fields,
            recipient_unit=unit,
        )
    return PrivacyRevealDenied(
        reveal_id=state.reveal_id,
        case_id=state.case_id,
        purpose=state.purpose,
        field_codes=state.fields,
        reason=state.reason,
        recipient_unit=unit,
    )
