"""Fixing a sitting: a time to come and a form that the parties agree to."""

from __future__ import annotations

from datetime import datetime

from services.mediation.model import Matter, Session
from services.mediation.model.commands import Schedule
from services.mediation.model.words import ON_SITE_PLACES
from services.mediation.rules import clocks
from services.mediation.rules.by import By
from services.mediation.rules.panel import sitting_panel
from services.mediation.rules.step import entered, moved
from services.mediation.rules.willing import nobody_refused
from shared.contracts.mediation import MediationSessionScheduled
from shared.decision import Decision
from shared.errors import Refused
from shared.profile.work import Room


def schedule(matter: Matter, session_id: str, ask: Schedule, by: By) -> Decision[Matter]:
    """A sitting gets a time and a form that the parties agree to."""
    state = entered(matter, "schedule", by)
    nobody_refused(matter.parties, by)
    if clocks.is_over(matter, by.at):
        raise Refused("调解期限已过，不能再约", code="limit_passed")
    time_is_right(ask, by.at)
    form_is_right(matter, ask)
    room = room_of(ask, by)
    session = Session(
        session_id=session_id,
        seq=len(matter.sessions) + 1,
        tier=matter.tier,
        panel=sitting_panel(matter),
        mode=ask.mode,
        planned_start=ask.start,
        planned_end=ask.end,
        agreed_by=ask.agreed_by,
        place_cell=ask.place_cell,
        place_kind=ask.place_kind,
        room=ask.room,
        video_link=room.video_link if room else "",
    )
    told = MediationSessionScheduled(
        mm_id=matter.mm_id, session_id=session_id, case_id=matter.case_id, mode=ask.mode, start=ask.start
    )
    return moved(matter, by, told, state=state, reason="约定调解", sessions=(*matter.sessions, session))


def room_of(ask: Schedule, by: By) -> Room | None:
    """The room of the county's list; raises Refused for one that is not there."""
    if not ask.room:
        return None
    room = by.profile.rooms.room(ask.room)
    if room is None or room.kind != "mediation":
        listed = "、".join(each.id for each in by.profile.rooms.places if each.kind == "mediation")
        sentence = f"没有这间调解室。可用的有：{listed or '无'}"
        raise Refused(sentence, code="invalid_fields", fields={"room": [sentence]})
    return room


def time_is_right(ask: Schedule, now: datetime) -> None:
    """A sitting is fixed for a time to come, today included, and ends after it began."""
    if ask.start < now:
        raise Refused("约定时间不能早于现在", code="start_in_the_past")
    if ask.end is not None and ask.end <= ask.start:
        raise Refused("结束时间应晚于开始时间", code="end_before_start")


def form_is_right(matter: Matter, ask: Schedule) -> None:
    """Each form asks for something: a visit the yes of somebody at home, online of everybody."""
    strangers = [ref for ref in ask.agreed_by if ref not in matter.refs]
    if strangers:
        raise Refused("有人不是本案当事人", code="not_a_party", parties=strangers)
    if ask.mode == "home_visit":
        _home_visit(ask)
    if ask.mode == "on_site" and ask.place_kind not in ON_SITE_PLACES:
        raise Refused(
            "流动调解须写明道路、景区、市场或娱乐场所", code="place_missing", allowed=list(ON_SITE_PLACES)
        )
    if ask.mode == "online" and set(ask.agreed_by) != set(matter.refs):
        raise Refused("线上调解须各方都同意", code="online_needs_everybody", offer=["centre", "home_visit"])


def _home_visit(ask: Schedule) -> None:
    if not ask.agreed_by:
        raise Refused(
            "当事人不同意上门的，可到中心或线上调解", code="visit_not_agreed", offer=["centre", "online"]
        )
    if ask.end is None or not ask.place_cell:
        raise Refused("上门调解须约定时段和网格", code="visit_needs_slot_and_cell")
