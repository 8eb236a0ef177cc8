"""Hands a case to the court's mediation platform and reads what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yizhan_adapter import Answer, Ask, CodeTable, Names, NeverPossible, Office, TryLater

CODES = CodeTable.read("yizhan_court")
CAUSES = Names.read("yizhan_court", "causes.csv")

BUSY = "5001"


class Court:
    """The platform decides later, so `handle` hands over and `poll` reads the record of steps."""

    department = "court"
    name = "人民法院"

    def __init__(self, office: Office) -> None:
        self.office = office

    def handle(self, ask: Ask) -> Answer | None:
        """Hand the case over under our delivery number, which the platform keeps as `wbbh`."""
        cause = CAUSES.theirs(ask.category)
        case = {"wbbh": ask.delivery_id, "lyah": ask.case_no, "ay": cause, "xzqh": ask.region}
        taken = _data(self.office.post("/tjpt/v1/ajxx", case))
        return CODES.answer(taken["clzt"])

    def poll(self, ask: Ask) -> Iterable[Answer]:
        """The steps the platform has recorded."""
        found = _data(self.office.get(f"/tjpt/v1/ajxx/{ask.delivery_id}/lc"))
        return CODES.answers(step["clzt"] for step in found["lc"])


def _data(reply: dict[str, Any]) -> dict[str, Any]:
    """The platform says 200 to everything; whether it worked is in `code`."""
    if reply["code"] == BUSY:
        raise TryLater("the platform is busy")
    if reply["code"] != "0":
        raise NeverPossible(f"the platform refused: {reply['code']}")
    found: dict[str, Any] = reply["data"]
    return found
