"""From registration to acceptance: sorting, assigning, giving back, taking."""

from __future__ import annotations

from deploy.local.demo.life import BELOW, BY_HAND, MEDIATED, TIERS, Case, Life, Next, Rest, Stage
from shared.clock import now


def registered(life: Life, case: Case, stage: Stage) -> Next:
    """Triage, or the two ways out before it."""
    dispatcher = stage.cast.county_post("dispatcher")
    if case.get("report_due"):
        return _report(life, stage)
    if life.path in MEDIATED and matter_type(life, case) == "help":
        life.path = "settle"  # who asks for help is not reconciled with anybody
    if life.path == "not_accept":
        return stage.ask(life, "not-accept", dispatcher, reason="no_facts", notice=True)
    if life.path == "merge" and life.merged_into:
        return stage.ask(life, "merge", dispatcher, into_case_id=life.merged_into, confirmed=True)
    suggestion = case.get("suggestion") or {}
    category = case.get("category") or suggestion.get("category") or "other"
    return stage.ask(
        life,
        "triage",
        dispatcher,
        matter_type=matter_type(life, case),
        category=category,
        tier=first_tier(life),
        complexity=life.complexity or "general",
        willingness=willingness(life),
        harm_reported=True,
        suggestion_used=not case.get("category"),
    )


def _report(life: Life, stage: Stage) -> Next:
    """An emergency out of a file: somebody calls 110, and only then is it sorted."""
    if life.first("reported"):
        made = {"of": "emergency", "authority": "police_110", "at": now().isoformat()}
        address = f"/intake/registrations/{life.reg_id}/reports"
        stage.web.post(address, stage.cast.county_post("dispatcher"), made)
    return Rest.EVENT


def triaged(life: Life, case: Case, stage: Stage) -> Next:
    """The competence table names the unit; after a return the dispatcher does."""
    by_hand = "returned" in life.done or (case["tier"] == "county" and life.path in BY_HAND)
    body = {"lead_unit": "centre_county", "reason": "dispatcher_decides"} if by_hand else {}
    return stage.ask(life, "assign", stage.cast.county_post("dispatcher"), **body)


def assigned(life: Life, case: Case, stage: Stage) -> Next:
    """The unit takes it, gives it back, or lets the time pass."""
    unit = case["lead_unit"]
    if case.get("return_request"):
        life.done.add("returned")
        return stage.ask(life, "return", stage.cast.county_post("director"), agreed=True)
    if life.path == "transfer" and life.first("transferred"):
        return stage.ask(
            life,
            "transfer",
            stage.cast.county_post("dispatcher"),
            to_unit="petition_office",
            reason="wrong_unit",
        )
    if life.path == "breach" and life.first("slept"):
        return Rest.NIGHT
    if unit in stage.answering:
        return Rest.EVENT
    if _gives_back(life):
        return stage.ask(life, "return", stage.cast.staff_of(unit), reason="not_competent")
    return stage.ask(life, "accept", stage.cast.staff_of(unit))


def _gives_back(life: Life) -> bool:
    times = {"return": 1, "return_twice": 2}.get(life.path, 0)
    return any(life.first(f"gave back {n}") for n in range(times))


def accepted(life: Life, case: Case, stage: Stage) -> Next:
    """The unit starts, or a mediator takes over."""
    if life.path == "withdraw":
        return stage.ask(life, "withdraw", stage.cast.county_post("clerk"), reason="settled", statement=True)
    if case["lead_unit"] in stage.answering:
        return Rest.EVENT
    return stage.ask(life, "start", stage.cast.staff_of(case["lead_unit"]))


def matter_type(life: Life, case: Case) -> str:
    """What the dispatcher says it is: what was given, else what was suggested, else a complaint."""
    given = life.matter_type or case.get("matter_type") or "unclassified"
    suggested = (case.get("suggestion") or {}).get("matter_type")
    return given if given != "unclassified" else suggested or "complaint"


def first_tier(life: Life) -> str:
    """The tier at which it starts, so that it reaches the tier of its row."""
    wanted = TIERS.index(life.tier) if life.tier in TIERS else TIERS.index("county")
    return TIERS[max(0, wanted - BELOW.get(life.path, 0))]


def willingness(life: Life) -> str:
    """Both want mediation where the life goes through it."""
    return "both" if life.path in MEDIATED else "unknown"
