"""Applies to the judicial bureau's mediation system and reads the records of the application."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yizhan_adapter import Answer, Ask, CodeTable, Names, NeverPossible, Office

CODES = CodeTable.read("yizhan_judicial_bureau")
KINDS = Names.read("yizhan_judicial_bureau", "kinds.csv")

PATH = "/open/mediation/applications"


class JudicialBureau:
    """The bureau assigns a committee later, so `handle` applies and `poll` reads the records."""

    department = "judicial_bureau"
    name = "司法局"

    def __init__(self, office: Office) -> None:
        self.office = office

    def handle(self, ask: Ask) -> Answer | None:
        """Apply under our delivery number, which the system keeps as `outerId`."""
        application = {
            "outerId": ask.delivery_id,
            "caseNo": ask.case_no,
            "disputeKind": int(KINDS.theirs(ask.category)),
            "district": ask.region,
            "participants": ask.persons_band,
        }
        return CODES.answer(_result(self.office.post(PATH, application))["status"])

    def poll(self, ask: Ask) -> Iterable[Answer]:
        """The records of the application; a return has its reason in a field of its own."""
        found = _result(self.office.get(f"{PATH}?outerId={ask.delivery_id}"))
        return CODES.answers(_code(record) for record in found["records"])


def _result(reply: dict[str, Any]) -> dict[str, Any]:
    if not reply["success"]:
        raise NeverPossible("the system refused the application")
    found: dict[str, Any] = reply["result"]
    return found


def _code(record: dict[str, Any]) -> str:
    reason = record.get("backReason")
    return f"{record['status']}/{reason}" if reason else str(record["status"])
