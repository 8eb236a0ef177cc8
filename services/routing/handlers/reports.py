"""Keeping platforms in step with cases: load, decide, save. The deciding is in `rules.reports`."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from services.routing.handlers import NotGenuine, by, told
from services.routing.handlers.departments import is_live
from services.routing.model.report import Report, ask_id, report_id
from services.routing.rules import genuine, reports
from services.routing.store import Stores
from shared.contracts.base import Event
from shared.decision import Cause


def keep(stores: Stores, cause: Cause) -> None:
    """A case has changed: every platform that keeps a copy of it is to hear how it stands now."""
    assert cause.heard is not None
    act = told(stores, cause)
    if not reports.platforms(act.profile):
        return
    case = stores.cases.load(str(cause.heard.data["case_id"])).state
    for department in reports.subscribers(case, act.profile):
        rule = partial(reports.kept, case=case, department=department, by=act)
        stores.reports.open(report_id(case.case_id, department), cause, rule)


def dispatch(stores: Stores, now: datetime) -> None:
    """Send what waits, oldest first, as far as windows are open; a platform that rests is sent nothing."""
    cause = Cause(at=now)
    act = by(stores, cause)
    for department in act.profile.departments:
        if not department.reports or not is_live(stores, department.id):
            continue
        room = department.window - stores.reports.in_mailbox(department.id)
        for held in stores.reports.waiting(department.id, now, room) if room > 0 else ():
            stores.reports.change(held.id, cause, lambda report: reports.sent(report, act))


def answered(stores: Stores, event: Event | None, cause: Cause) -> None:
    """A platform answered at the edge; an answer to an older revision is remembered and changes nothing.

    Raises NotGenuine, with a line in the audit trail, when the answer is not that platform's own.
    """
    assert cause.heard is not None
    id = str(cause.heard.data.get("delivery_id", ""))
    held = stores.reports.find(id)
    if forged := why_not_genuine(held.state if held else None, cause):
        stores.audit.append(cause.actor, "answer_refused", f"report/{id}", at=cause.at, result=forged)
        raise NotGenuine(forged)
    act, present = told(stores, cause), cause.heard.causationid
    stores.reports.change(
        id,
        cause,
        lambda report: (
            reports.answered(event, report, act) if present == ask_id(id, report.revision) else None
        ),
    )


def why_not_genuine(report: Report | None, cause: Cause) -> str:
    """What shows that an answer is not the one this platform was asked for; empty when nothing does."""
    if report is None:
        return "unknown_delivery"
    asked = {ask_id(report.report_id, revision) for revision in range(1, report.revision + 1)}
    return genuine.fault(cause, report.department, report.report_id, asked)
