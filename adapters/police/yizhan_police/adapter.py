"""Hands a case to the police linkage desk, which signs for it on the spot, and reads what was done."""

from __future__ import annotations

from collections.abc import Iterable

from yizhan_adapter import Answer, Ask, CodeTable, Names, Office

CODES = CodeTable.read("yizhan_police")
KINDS = Names.read("yizhan_police", "kinds.csv")

URGENT = frozenset(("sudden", "mass", "major"))


class Police:
    """The desk signs or declines at once; what was done on the street is read later."""

    department = "police"
    name = "公安机关"

    def __init__(self, office: Office) -> None:
        self.office = office

    def handle(self, ask: Ask) -> Answer | None:
        """Hand the case over under our delivery number, which the desk keeps as `LYDH`."""
        sheet = {
            "LYDH": ask.delivery_id,
            "AJBH": ask.case_no,
            "LB": KINDS.theirs(ask.category),
            "XZQH": ask.region,
            "JJCD": "1" if URGENT.intersection(ask.flags) else "3",
        }
        return CODES.answer(self.office.post("/jtld/cjd", sheet)["ZT"])

    def poll(self, ask: Ask) -> Iterable[Answer]:
        """What the desk has recorded so far."""
        sheet = self.office.get(f"/jtld/cjd/{ask.delivery_id}")
        return CODES.answers(step["ZT"] for step in sheet["GCJL"])
