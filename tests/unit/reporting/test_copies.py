"""The copies of a case that platforms keep: the row shows how far each has come."""

from __future__ import annotations

from typing import Any

from services.reporting.model import Copy, Row
from services.reporting.rules.following import follow
from shared import ids
from shared.contracts import base, wire
from shared.contracts.base import Event
from shared.contracts.report import ReportQueued, ReportReceived, ReportRefused, ReportSent, ReportTaken
from tests.reporting_given import MONDAY

CASE, PROVINCE, CITY = ids.derived("case", "1"), "provincial_platform", "municipal_platform"


def after(*told: Event, row: Row | None = None) -> Row:
    """The row after these events, each in its place."""
    for n, event in enumerate(told, 1):
        heard = wire.Envelope(
            id=ids.new(), source="/svc/routing/990101", type=f"{event.TYPE}.v1", subject="report/1",
            time="2026-09-07T01:00:00.000Z", sequence=f"{n:010d}.00", regioncode="990101101",
            data=base.dump(event),
        )  # fmt: skip
        row = follow(row, event, heard)
    assert row is not None
    return row


def about(platform: str = PROVINCE, revision: int = 1) -> dict[str, Any]:
    id = ids.derived("report", platform)
    return {"report_id": id, "case_id": CASE, "department": platform, "revision": revision}


def test_a_copy_is_followed_from_owed_to_taken_and_only_its_end_is_on_the_timeline() -> None:
    row = after(
        ReportQueued(**about()),
        ReportSent(**about(), attempt=1, sent_at=MONDAY),
        ReportReceived(**about(), received_at=MONDAY),
        ReportTaken(**about(), receipt_hash="ab" * 32, reported_at=MONDAY),
    )

    (copy,) = row.copies
    assert (copy.platform, copy.revision, copy.stage, copy.receipt_hash) == (PROVINCE, 1, "taken", "ab" * 32)
    assert [entry.name for entry in row.timeline] == ["report.taken"]


def test_a_refusal_is_shown_with_its_reason_and_each_platform_has_a_copy_of_its_own() -> None:
    row = after(ReportRefused(**about(), reason="wrong_region"), ReportQueued(**about(CITY)))

    assert [(copy.platform, copy.stage, copy.reason) for copy in row.copies] == [
        (CITY, "queued", ""), (PROVINCE, "refused", "wrong_region"),
    ]  # fmt: skip


def test_an_answer_to_an_older_revision_leads_nowhere_back() -> None:
    row = after(ReportQueued(**about(revision=2)), ReportTaken(**about(), reported_at=MONDAY))

    assert [(copy.revision, copy.stage) for copy in row.copies] == [(2, "queued")]
    assert isinstance(row.copies[0], Copy)
