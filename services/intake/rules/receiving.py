"""A visit from its beginning to its end: it ends only with a record of what was said and answered (IN-10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.intake.model import Registration
from services.intake.model.reception import DutyDay, Reception, Said
from shared.calendar import midnight
from shared.contracts import hall
from shared.crypto import Sealer
from shared.decision import Actor, Decision
from shared.errors import Illegal, Refused

LEADS = ("director", "duty_leader", "leader", "principal_leader", "deputy_leader")
WORDS = ("matter", "requests", "answer")


def begin(
    reception_id: str, registration: Registration, duty: DutyDay | None, *, actor: Actor, now: datetime
) -> Decision[Reception]:
    """Somebody receives the visit of a matter; the leader on duty is kept with it (IN-26)."""
    leader = duty.leader if duty and duty.leader else registration.duty_leader
    state = Reception(
        reception_id=reception_id,
        region=registration.region,
        protected=registration.protected,
        reg_id=registration.reg_id,
        case_id=registration.case_id,
        centre=actor.unit,
        receiver=actor.ref,
        opened_at=now,
        duty_leader=leader,
        by_leader=actor.role in LEADS or actor.ref == leader,
        persons_band=registration.persons_band,
    )
    told = hall.ReceptionOpened(
        reception_id=reception_id,
        reg_id=state.reg_id,
        case_id=state.case_id,
        receiver=state.receiver,
        duty_leader=leader,
        persons_band=state.persons_band,
        by_leader=state.by_leader,
    )
    return Decision(state=state, events=(told,), reason="reception_opened")


def write(
    state: Reception, words: dict[str, str], received_at: datetime, sealer: Sealer, *, actor: Actor
) -> Decision[Reception]:
    """Write down what was said. Raises Refused when a part is empty, Illegal after the end."""
    if state.state == "closed":
        raise Illegal("接访已结束，记录不能再改", state="closed", allowed=[])
    empty = [name for name in WORDS if not words[name].strip()]
    if empty:
        said = {"matter": "请写明来访反映什么", "requests": "请写明诉求", "answer": "请写明怎样答复的"}
        raise Refused("接访记录不完整", code="invalid_fields", fields={name: [said[name]] for name in empty})
    sealed = {name: sealer.seal(words[name].strip(), owner=state.reception_id, field=name) for name in WORDS}
    record = Said(**sealed, received_at=received_at, written_by=actor.ref)
    told = hall.ReceptionRecorded(reception_id=state.reception_id, case_id=state.case_id)
    return Decision(state=replace(state, said=record), events=(told,), reason="reception_recorded")


def end(
    state: Reception, rating: int | None, comment: str, sealer: Sealer, now: datetime
) -> Decision[Reception]:
    """The visit is over. Raises Refused without a record, Illegal when it is over already."""
    if state.state == "closed":
        raise Illegal("接访已结束", state="closed", allowed=[])
    if state.said is None:
        raise Refused(
            "还没有接访记录，不能结束接访",
            code="reception_record_missing",
            fields={"record": ["请先填写接访记录"]},
        )
    kept = sealer.seal(comment, owner=state.reception_id, field="comment") if comment.strip() else None
    after = replace(state, state="closed", rating=rating, comment=kept, closed_at=now)
    told = hall.ReceptionClosed(reception_id=state.reception_id, case_id=state.case_id, rating=rating)
    return Decision(state=after, events=(told,), reason="reception_closed")


def erased(state: Reception, reason: str) -> Decision[Reception] | None:
    """The words go; who received, when, and that there was a record stay."""
    if not state.comment and not (state.said and state.said.matter):
        return None
    said = replace(state.said, matter=b"", requests=b"", answer=b"") if state.said else None
    told = hall.ReceptionErased(reception_id=state.reception_id, case_id=state.case_id, reason=reason)
    return Decision(state=replace(state, said=said, comment=None), events=(told,), reason=reason)


def lead(duty: DutyDay, leader: str, title: str) -> Decision[DutyDay] | None:
    """Somebody leads at a centre on a day."""
    if (duty.leader, duty.title) == (leader, title):
        return None
    after = replace(duty, leader=leader, title=title, gap_found=False)
    told = hall.DutyLeaderSet(
        duty_id=duty.duty_id, centre=duty.centre, region=duty.region, starts_at=_start(duty), leader=leader
    )
    return Decision(state=after, events=(told,), reason="duty_leader_set")


def find_gap(duty: DutyDay) -> Decision[DutyDay] | None:
    """Nobody leads on a day that comes: told once, the day before (IN-26)."""
    if duty.leader or duty.gap_found:
        return None
    told = hall.DutyGapFound(
        duty_id=duty.duty_id, centre=duty.centre, region=duty.region, starts_at=_start(duty)
    )
    return Decision(state=replace(duty, gap_found=True), events=(told,), reason="duty_gap_found")


def _start(duty: DutyDay) -> datetime:
    return midnight(datetime.fromisoformat(duty.day).date())


def next_day(day: str) -> str:
    """The day after a day."""
    return (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()
