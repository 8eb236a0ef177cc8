"""A department's codes and what they mean in ours: one table, with the department's own words beside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yizhan_adapter.answers import Answer
from yizhan_adapter.errors import UnknownCode

Row = tuple[Answer | None, str]  # what we tell, or None for nothing yet; and what the code means there


@dataclass(frozen=True)
class CodeTable:
    """`CodeTable("court", {"21": (Returned("not_competent"), "不属于本院管辖")})`."""

    owner: str
    rows: Mapping[str, Row]

    def answer(self, code: object) -> Answer | None:
        """What we tell when the back office says this code.

        Raises UnknownCode, naming it: a new code is for a person to understand, not for us to guess.
        """
        row = self.rows.get(str(code))
        if row is None:
            raise UnknownCode(f"{self.owner} has no code {code!r} in its table")
        return row[0]

    def answers(self, codes: Iterator[object]) -> Iterator[Answer]:
        """What we tell for a history of codes, in its order."""
        return (answer for code in codes if (answer := self.answer(code)) is not None)

    def faults(self) -> list[str]:
        """What a reviewer would object to: codes without a meaning."""
        return [
            f"code {code!r} has no meaning in words" for code, row in self.rows.items() if not row[1].strip()
        ]
