"""Keeping platforms' copies of a case as the case is: owed when it changed, sent, answered."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any

from services.routing.model import Case
from services.routing.model.report import Facts, Report, Reported, report_id
from services.routing.rules.by import By
from services.routing.rules.shown import public_flags
from shared.contracts.base import Event
from shared.contracts.edge import AnswerReceived, AnswerReported, AnswerReturned, AskReportCase
from shared.contracts.report import ReportQueued, ReportReceived, ReportRefused, ReportSent, ReportTaken
from shared.decision import Decision
from shared.profile import Profile

AGAIN = timedelta(days=1)  # after which an ask that nobody stored is put into the mailbox once more


def platforms(profile: Profile) -> tuple[str, ...]:
    """The departments that keep copies, or hear what became of the cases they referred."""
    return tuple(department.id for department in profile.departments if department.reports)


def subscribers(case: Case, profile: Profile) -> tuple[str, ...]:
    """The platforms that keep a copy of this case; of a protected one nobody does."""
    asked = ((each.id, each.reports) for each in profile.departments if each.reports and not case.protected)
    return tuple(
        id
        for id, wanted in asked
        if case.matter_type in (wanted.matter_types or (case.matter_type,))
        and case.channel in (wanted.channels or (case.channel,))
    )


def kept(report: Report | None, case: Case, department: str, by: By) -> Decision[Report] | None:
    """The report as the case now wants it; None when the platform was told exactly this."""
    facts = facts_of(case)
    if report and report.facts == facts:
        return None
    after = Report(
        report_id=report_id(case.case_id, department),
        case_id=case.case_id,
        case_no=case.case_no,
        department=department,
        region=case.region,
        profile_version=case.profile_version,
        revision=report.revision + 1 if report else 1,
        facts=facts,
        queued_at=by.at,
    )
    return Decision(state=after, events=(ReportQueued(**_named(after)),), reason="待报送")


def facts_of(case: Case) -> Facts:
    """What a platform may know of a case."""
    return Facts(
        region=case.region,
        channel=case.channel,
        matter_type=case.matter_type,
        tier=case.tier,
        state=case.state.value,
        registered_at=case.registered_at,
        category=case.category,
        complexity=case.complexity,
        persons_band=case.persons_band,
        flags=public_flags(case),
        resolved_at=case.resolved_at,
        lead_unit=case.lead_unit or None,
        outcome=case.outcome,
        late=is_late(case),
    )


def is_late(case: Case) -> bool:
    """Whether the time for a referred case is over: the office it came from is warned (MD-09)."""
    over = any(clock.state == "breached" for clock in case.clocks)
    return case.referred and (over or bool(case.mediation and case.mediation.late))


def sent(report: Report, by: By) -> Decision[Report] | None:
    """The report goes into the platform's mailbox, or once more when it was not even stored for a day."""
    if not is_due(report, by.at):
        return None
    after = replace(report, stage=Reported.SENT, sent_n=report.sent_n + 1, sent_at=by.at)
    event = ReportSent(**_named(after), attempt=after.sent_n, sent_at=by.at)
    return Decision(state=after, events=(event, asked(after)), reason="已送达信箱")


def is_due(report: Report, now: datetime) -> bool:
    """Whether it waits to be sent, or was sent and then lost."""
    if report.stage is Reported.SENT:
        return report.sent_at is not None and report.sent_at + AGAIN <= now
    return report.stage is Reported.QUEUED


def asked(report: Report) -> AskReportCase:
    """What the platform's adapter gets."""
    return AskReportCase(
        delivery_id=report.report_id,
        case_id=report.case_id,
        case_no=report.case_no,
        department=report.department,
        revision=report.revision,
        **(asdict(report.facts) | {"flags": report.facts.flags}),
    )


@singledispatch
def answered(told: Event | None, report: Report, by: By) -> Decision[Report] | None:
    """What an answer to the present revision changes; None for one that means nothing here."""
    return None


@answered.register
def received(told: AnswerReceived, report: Report, by: By) -> Decision[Report] | None:
    """The adapter has stored it: from now on it is not lost."""
    if report.stage is not Reported.SENT:
        return None
    event = ReportReceived(**_named(report), received_at=by.at)
    return Decision(state=replace(report, stage=Reported.RECEIVED), events=(event,), reason="已接收")


@answered.register
def taken(told: AnswerReported, report: Report, by: By) -> Decision[Report] | None:
    """The platform has its copy."""
    if report.stage is Reported.TAKEN:
        return None
    proof = told.receipt_hash or ""
    after = replace(report, stage=Reported.TAKEN, taken_at=told.reported_at, receipt_hash=proof)
    event = ReportTaken(**_named(report), receipt_hash=told.receipt_hash, reported_at=told.reported_at)
    return Decision(state=after, events=(event,), reason="已录入")


@answered.register
def refused(told: AnswerReturned, report: Report, by: By) -> Decision[Report] | None:
    """The platform did not take it; a person looks at the reason, and the case goes on."""
    if report.stage in (Reported.TAKEN, Reported.REFUSED):
        return None
    after = replace(report, stage=Reported.REFUSED, refused_reason=told.reason)
    event = ReportRefused(**_named(report), reason=told.reason)
    return Decision(state=after, events=(event,), reason="未录入")


def _named(report: Report) -> dict[str, Any]:
    return {
        "report_id": report.report_id,
        "case_id": report.case_id,
        "department": report.department,
        "revision": report.revision,
    }
