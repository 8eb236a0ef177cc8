"""What the kiosk tells: how something is done, what to bring, which roads are open. Never how it will end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One thing that people come for."""

    code: str
    title: str
    words: tuple[str, ...]
    service: str
    steps: tuple[str, ...]
    papers: tuple[str, ...]
    routes: tuple[str, ...]
    rights: tuple[str, ...]
    basis: str
    also: tuple[str, ...] = ()

    @property
    def services(self) -> tuple[str, ...]:
        """What its windows do."""
        return (self.service, *self.also)
