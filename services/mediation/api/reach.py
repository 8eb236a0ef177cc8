"""What every address of mediation needs: who may, in which region, and the matter as the answer."""

from __future__ import annotations

from typing import Any

from services.mediation.handlers import acting, answers
from services.mediation.handlers.acting import Rule
from services.mediation.model import Matter
from services.mediation.store import Stores
from shared.aggregate import Held
from shared.decision import Cause
from shared.web import answer, cause, here, in_scope

WORK = ("mediator", "dispatcher")
READ = (
    *WORK, "director", "clerk", "unit_head", "unit_staff", "verifier", "leader", "supervisor",
    "archive_keeper", "service",
)  # fmt: skip
TEXTS = ("mediator", "director", "verifier", "archive_keeper")  # 人民调解法 art. 15: what is said stays here


def scoped(mm_id: str) -> Held[Matter]:
    """A matter of the caller's own region."""
    held = here(Stores).matters.load(mm_id)
    in_scope(held.state.region, protected=held.state.protected)
    return held


def act(mm_id: Any, rule: Rule, *asked: Any, why: Cause | None = None, **more: Any) -> Any:
    """One step of a matter, and the matter as the answer."""
    id = str(mm_id)
    scoped(id)
    held = acting.act(here(Stores), id, why or cause(), rule, *asked)
    return answer(held, answers.matter(held.state) | more)
