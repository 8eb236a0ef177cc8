"""What happens while a unit handles a case: whistle, rest, rising, mediation, leaving, result."""

from __future__ import annotations

from datetime import timedelta

from deploy.local.demo.life import BELOW, MEDIATED, Case, Life, Next, Rest, Stage
from deploy.local.demo.sitting import mediate
from shared.clock import now

OUTCOMES = {"consult": "answered", "complaint": "admin_resolved", "help": "aid_only", "petition": "answered"}
TRIGGERS = {
    "mediate_fail_escalate": "failed",
    "escalate_county": "beyond_competence",
    "sponsor": "complex_major",
}


def handling(life: Life, case: Case, stage: Stage) -> Next:
    """The one next thing of this life, else the result."""
    director, staff = stage.cast.county_post("director"), stage.cast.staff_of(case["lead_unit"])
    if life.path == "whistle" and life.first("whistled"):
        units = ["police", "urban_management"]
        return stage.ask(life, "whistle", director, reasons=["beyond_capacity"], units=units)
    if life.path == "suspend" and life.first("suspended"):
        until = (now() + timedelta(days=3)).isoformat()
        return stage.ask(
            life, "suspend", director, reason="appraisal", until=until, approved_by="unit_head", document=True
        )
    if life.path == "refer_out":
        return stage.ask(life, "refer-out", staff, route="court", material=True, receipt=True)
    if _rises(life, case):
        trigger = TRIGGERS.get(life.path, "beyond_competence")
        return stage.ask(
            life, "escalate", director, trigger=trigger, material_complete=True, approved_by="duty_leader"
        )
    if life.path in MEDIATED and f"sat at {case['tier']}" not in life.done:
        return mediate(life, case, stage)
    return _result(life, case, stage)


def _rises(life: Life, case: Case) -> bool:
    """Whether it still has a tier to climb, or asks in vain once."""
    if life.path == "escalate_sent_back":
        return life.first("asked upward")
    if life.path == "mediate_fail_escalate" and f"sat at {case['tier']}" not in life.done:
        return False
    risen = {"village": 0, "township": 1, "county": 2, "county_leader": 3}
    return life.path in BELOW and risen[case["tier"]] < risen.get(life.tier, 2)


def _result(life: Life, case: Case, stage: Stage) -> Next:
    if case["lead_unit"] in stage.answering and "left to people" not in life.done:
        return life.wait_for_the_department()
    outcome = OUTCOMES.get(case["matter_type"], "settled")
    staff = stage.cast.staff_of(case["lead_unit"])
    return stage.ask(life, "resolve", staff, outcome=outcome, requests_answered=True, routes_notice=True)


def mediating(life: Life, case: Case, stage: Stage) -> Next:
    """The mediator goes on with the matter."""
    return mediate(life, case, stage)


def agreed(life: Life, case: Case, stage: Stage) -> Next:
    """The unit records what the agreement settled."""
    staff = stage.cast.staff_of(case["lead_unit"])
    return stage.ask(
        life, "resolve", staff, outcome="mediated_written", requests_answered=True, routes_notice=True
    )


def escalating(life: Life, case: Case, stage: Stage) -> Next:
    """The tier above takes it over, or sends it back once."""
    dispatcher = stage.cast.county_post("dispatcher")
    if life.path == "escalate_sent_back" and life.first("sent back"):
        return stage.ask(life, "escalation/send-back", dispatcher, reason="material_missing")
    return stage.ask(life, "escalation/accept", dispatcher)


def suspended(life: Life, case: Case, stage: Stage) -> Next:
    """A day later the reason is gone."""
    if life.first("rested"):
        return Rest.NIGHT
    return stage.ask(life, "resume", stage.cast.county_post("dispatcher"))
