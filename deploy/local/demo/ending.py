"""From a result to the end: the call-back, the check, closing, and breaking out again."""

from __future__ import annotations

from deploy.local.demo.life import Case, Life, Next, Rest, Stage
from deploy.local.demo.web import Refusal


def resolved(life: Life, case: Case, stage: Stage) -> Next:
    """Somebody else calls the resident and checks."""
    verifier = stage.cast.county_post("verifier")
    if life.path == "rework" and life.first("reworked"):
        return stage.ask(life, "rework", verifier, reason="not_performed")
    closure = f"called {case.get('closures', 0)}"
    if life.first(closure):
        case = stage.ask(
            life, "callbacks", verifier, reached=True, performed=True, satisfied=5, places_visited=1,
            remaining_hardship=False,
        )  # fmt: skip
    return stage.ask(life, "verify", verifier)


def verified(life: Life, case: Case, stage: Stage) -> Next:
    """The director closes it."""
    try:
        return stage.ask(life, "close", stage.cast.county_post("director"))
    except Refusal as refusal:
        if refusal.code in ("delivery_open", "clock_open"):
            return Rest.EVENT
        raise


def closed(life: Life, case: Case, stage: Stage) -> Next:
    """The end, unless it breaks out again."""
    if life.path == "relapse" and life.first("relapsed"):
        return stage.ask(life, "relapse", stage.cast.county_post("clerk"), confirmed=True)
    return Rest.END
