"""Mediation in the demo: a matter, a sitting a day, and how it ends for this life."""

from __future__ import annotations

from deploy.local.demo.life import Case, Life, Next, Rest, Stage


def mediate(life: Life, case: Case, stage: Stage) -> Next:
    """One step of the matter; the case hears of it by message."""
    return Rest.EVENT
