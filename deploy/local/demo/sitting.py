"""Mediation in the demo: a matter, a sitting, its minutes, and how it ends for this life."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from deploy.local.demo.life import TIERS, Case, Life, Next, Rest, Stage
from deploy.local.demo.web import Refusal
from shared import clock, ids

MEDIATOR = "demo_mediator"
NOT_YET = {"case_not_ready", "case_not_found", "view_not_found", "not_found", "case_unknown"}
MINUTES = {
    "facts": "双方陈述了经过",
    "law": "讲解了有关规定",
    "proposals": "各让一步",
    "views": {"applicant": "说明了要求", "respondent": "说明了理由"},
}
OFFERS = {"legal_service": "declined", "legal_aid": "declined", "judicial_confirmation": "declined"}


def mediate(life: Life, case: Case, stage: Stage) -> Next:
    """One step of the matter; the case hears of it by message."""
    if f"opened at {case['tier']}" not in life.done:
        return _open(life, case, stage)
    if case["state"] == "mediating" and life.first(f"sat at {case['tier']}"):
        _sit(life, case, stage)
    return Rest.EVENT


def _open(life: Life, case: Case, stage: Stage) -> Next:
    body = {
        "case_id": life.case_id,
        "tier": case["tier"],
        "kind": "people",
        "organisation": case["lead_unit"],
        "mediators": [{"ref": MEDIATOR, "interest": "none", "chosen_by": "organisation"}],
        "consents": [_yes(life, "applicant"), _yes(life, "respondent")],
        "linkage_stage": "presuit" if case["channel"] == "court" else "",
    }
    try:
        life.mm_id = _post(stage, "matters", body)["mm_id"]
    except Refusal as refusal:
        if refusal.code not in NOT_YET:
            raise
        return Rest.EVENT  # mediation has not heard of the case yet
    life.done.add(f"opened at {case['tier']}")
    return Rest.EVENT


def _sit(life: Life, case: Case, stage: Stage) -> None:
    if life.path == "decline":
        body = {"party_ref": _party(life, "respondent"), "answer": "refused", "how": "oral"}
        _post(stage, f"matters/{life.mm_id}/consents", body)
        return
    fails = life.path == "mediate_fail_escalate" and TIERS.index(case["tier"]) < TIERS.index(life.tier)
    _hold(life, stage, "failed" if fails else "agreed")
    if fails:
        closing = {
            "result": "failed",
            "reason": "no_agreement",
            "routes_shown": True,
            "requests_answered": True,
        }
        _post(stage, f"matters/{life.mm_id}/close", closing)
    else:
        _agree(life, case, stage)


def _hold(life: Life, stage: Stage, outcome: str) -> None:
    soon = (clock.now() + timedelta(minutes=1)).isoformat()
    session = _post(stage, f"matters/{life.mm_id}/sessions", {"mode": "centre", "start": soon})["session_id"]
    path = f"matters/{life.mm_id}/sessions/{session}"
    _post(stage, f"{path}/start", {"rights_notice": True})
    came = [{"party_ref": _party(life, side), "present": True} for side in ("applicant", "respondent")]
    body = {"outcome": outcome, "attendance": came, "means": ["law"], "offers": OFFERS, "minutes": MINUTES}
    _post(stage, f"{path}/hold", body)


def _agree(life: Life, case: Case, stage: Stage) -> None:
    due = (clock.local(clock.now()) + timedelta(days=20)).date().isoformat()
    item = {
        "what": "按约定办好",
        "debtor_ref": _party(life, "respondent"),
        "way": "act",
        "due": due,
        "amount": 0,
    }
    words = {"facts": "双方确认了经过", "responsibility": "各自承担一部分", "items": [item]}
    _post(stage, f"matters/{life.mm_id}/agreement", words)
    signers = (
        (_party(life, "applicant"), "party"),
        (_party(life, "respondent"), "party"),
        (MEDIATOR, "mediator"),
        (case["lead_unit"], "organisation"),
    )
    signed = [_signature(ref, role) for ref, role in signers]
    _post(stage, f"matters/{life.mm_id}/agreement/signatures", {"signatures": signed})


def _signature(ref: str, role: str) -> dict[str, str]:
    scan = hashlib.sha256(f"{ref}{role}".encode()).hexdigest()
    return {
        "signer": ref,
        "role": role,
        "how": "seal" if role == "organisation" else "ink",
        "signed_at": clock.now().isoformat(),
        "scan_hash": scan,
    }


def _yes(life: Life, side: str) -> dict[str, str]:
    return {"party_ref": _party(life, side), "side": side, "answer": "agreed", "how": "written"}


def _party(life: Life, side: str) -> str:
    return ids.derived("demo", life.case_id, side)


def _post(stage: Stage, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = stage.web.post(f"/mediation/{path}", stage.cast.county_post("mediator"), body)
    return answer
