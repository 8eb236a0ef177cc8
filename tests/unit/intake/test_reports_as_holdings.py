"""A platform that was told of a case may claim fields of it, as a department that was handed it may."""

from __future__ import annotations

from services.intake.rules import disclosing
from shared import ids
from shared.clock import now
from shared.contracts.report import ReportSent

ID, CASE = ids.derived("tests", "report"), ids.derived("tests", "case")


def test_a_sent_report_is_a_holding_of_the_case() -> None:
    told = ReportSent(
        report_id=ID, case_id=CASE, department="petition_system", revision=1, attempt=1, sent_at=now()
    )

    held = disclosing.held(None, told, delivery_id=ID, region="990101101")

    assert held is not None
    assert (held.state.unit, held.state.case_id, held.state.sent, held.state.over) == (
        "petition_system",
        CASE,
        True,
        False,
    )
