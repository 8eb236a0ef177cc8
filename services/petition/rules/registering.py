"""A petition comes in: by the petition desk, or as a matter that was registered anywhere else."""

from __future__ import annotations

from datetime import datetime

from services.petition.model import CaseView, Petition, State
from services.petition.model.commands import Register, Sort
from services.petition.rules import clocks
from services.petition.rules.by import By
from services.petition.rules.step import entered, moved, noted, taken
from shared.contracts.petition import PetitionRegistered
from shared.decision import Decision
from shared.errors import Refused

DESK = "petition_office"  # the kind of unit that receives petitions


def register(pet_id: str, ask: Register, by: By, request_key: str = "") -> Decision[Petition]:
    """A new petition at the petition desk, its first limits counted from the day of receipt."""
    _is_plausible(ask, by)
    petition = Petition(
        pet_id=pet_id,
        region=ask.region,
        channel=ask.channel,
        legal_type=ask.legal_type,
        route=ask.route,
        received_at=ask.received_at,
        registered_at=by.at,
        state=State.REGISTERED,
        unit=desk(by),
        profile_version=by.profile.version_id,
        case_id=ask.case_id,
        case_no=ask.case_no,
        summary=by.sealer.seal(ask.summary, owner=pet_id, field="summary") if ask.summary else None,
        representatives=ask.representatives,
        complained_units=ask.complained_units,
        protected=ask.protected or ask.legal_type == "accusation" or bool(ask.complained_units),
        simple=ask.simple,
        steps=(taken("register", by),),
        request_key=request_key,
    )
    told = PetitionRegistered(
        pet_id=pet_id, case_id=ask.case_id, legal_type=ask.legal_type, route=ask.route, channel=ask.channel,
        received_at=ask.received_at,
    )  # fmt: skip
    return Decision(state=clocks.follow(petition, told.TYPE, by), events=(told,), reason="登记信访事项")


def of_case(view: CaseView, by: By) -> Register | None:
    """What a case asks to be registered: nothing unless it is a petition and its receipt is known."""
    if view.matter_type != "petition" or view.received_at is None:
        return None
    return Register(
        region=view.region,
        channel=view.channel,
        received_at=min(view.received_at, by.at),
        case_id=view.case_id,
        case_no=view.case_no,
        protected=view.protected,
    )


def sort(petition: Petition, ask: Sort, by: By) -> Decision[Petition]:
    """A person says what kind it is in law; an accusation is hidden from those it accuses."""
    entered(petition, "sort")
    return moved(
        petition, by, "sort", noted(petition, "sorted"), reason="甄别性质和途径",
        legal_type=ask.legal_type, route=ask.route,
        protected=petition.protected or ask.legal_type == "accusation",
    )  # fmt: skip


def desk(by: By) -> str:
    """The unit that receives petitions in this county."""
    units = (unit.id for unit in by.profile.all_units.values() if unit.kind == DESK)
    return next(units, DESK)


def _is_plausible(ask: Register, by: By) -> None:
    _is_past(ask.received_at, by.at)
    most = by.profile.petition.representatives_max
    if ask.representatives > most:
        raise Refused(f"代表不超过{most}人", code="too_many_representatives", most=most)
    unknown = [unit for unit in ask.complained_units if unit not in by.profile.all_units]
    if unknown:
        raise Refused("没有这个单位", code="unit_unknown", units=unknown)


def _is_past(at: datetime, now: datetime) -> None:
    if at > now:
        raise Refused("收到时间不能晚于现在", code="received_in_the_future")
