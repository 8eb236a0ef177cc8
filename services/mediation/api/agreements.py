"""Addresses of agreements: words, signatures, performance, and the court's confirmation."""

from __future__ import annotations

from typing import Any

from services.mediation.api.reach import TEXTS, WORK, act, scoped
from services.mediation.handlers import answers
from services.mediation.model import commands as asks
from services.mediation.rules import agreeing, confirming, performing
from services.mediation.schemas import agreeing as bodies
from services.mediation.schemas import given, papers
from services.mediation.store import Stores
from shared.web import answer, blueprint, here, needs, record, site

PERFORMANCE = (*WORK, "grid_worker", "clerk")  # who may hear from the parties that something was done

blp = blueprint("agreements", "The agreement of a matter, its performance and its confirmation")


@blp.route("/matters/<uuid:mm_id>/agreement", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.DraftSchema)
@blp.response(200, given.MatterAnswer)
def draft(ask: asks.Draft, mm_id: Any) -> Any:
    """Put an agreement into words; one by word of mouth takes effect at once."""
    return act(mm_id, agreeing.draft, ask)


@blp.route("/matters/<uuid:mm_id>/agreement")
@needs(*TEXTS)
@blp.response(200, papers.AgreementTextAnswer)
def agreement(mm_id: Any) -> Any:
    """The agreement in words; that it was read is kept."""
    all, held = here(Stores), scoped(str(mm_id))
    found = answers.agreement_text(held.state, all.sealer)
    record(all.audit, "agreement.read", f"matter/{held.id}", purpose="handling")
    return answer(held, found)


@blp.route("/matters/<uuid:mm_id>/agreement/signatures", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.SignSchema)
@blp.response(200, given.MatterAnswer)
def sign(ask: asks.Sign, mm_id: Any) -> Any:
    """Add signatures; with the last one that is needed the agreement takes effect."""
    return act(mm_id, agreeing.sign, ask)


@blp.route("/matters/<uuid:mm_id>/agreement/items/<int:no>/performed", methods=["POST"])
@needs(*PERFORMANCE)
@blp.arguments(bodies.PerformSchema)
@blp.response(200, given.MatterAnswer)
def performed(body: dict[str, Any], mm_id: Any, no: int) -> Any:
    """An item was done."""
    return act(mm_id, performing.perform, asks.Perform(no=no, **body))


@blp.route("/matters/<uuid:mm_id>/agreement/items/<int:no>/breached", methods=["POST"])
@needs(*WORK)
@blp.response(200, given.MatterAnswer)
def breached(mm_id: Any, no: int) -> Any:
    """An item was not done although it was due: a person says so, never the clock."""
    return act(mm_id, performing.breach, no)


@blp.route("/matters/<uuid:mm_id>/agreement/dispute", methods=["POST"])
@needs(*WORK)
@blp.response(200, given.MatterAnswer)
def disputed(mm_id: Any) -> Any:
    """A party disputes the agreement."""
    return act(mm_id, performing.dispute)


@blp.route("/matters/<uuid:mm_id>/agreement/confirmation", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.FileSchema)
@blp.response(200, given.MatterAnswer)
def file(ask: asks.File, mm_id: Any) -> Any:
    """The parties ask a court together; a late request is warned about in `agreement.warning`."""
    return act(mm_id, confirming.file, ask)


@blp.route("/matters/<uuid:mm_id>/agreement/confirmation/package")
@needs(*TEXTS)
@blp.response(200, papers.PackageAnswer)
def package(mm_id: Any) -> Any:
    """Everything for the court in one answer; that it was read is kept."""
    all, held = here(Stores), scoped(str(mm_id))
    found = confirming.package(held.state, site().clock())
    record(all.audit, "agreement.read", f"matter/{held.id}", purpose="judicial_confirmation")
    return answer(held, found | {"agreement": answers.agreement_text(held.state, all.sealer)})


@blp.route("/matters/<uuid:mm_id>/agreement/confirmation/decision", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.CourtDecisionSchema)
@blp.response(200, given.MatterAnswer)
def decide(ask: asks.CourtDecision, mm_id: Any) -> Any:
    """What the court decided."""
    return act(mm_id, confirming.decide, ask)
