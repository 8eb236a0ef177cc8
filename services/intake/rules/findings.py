"""How a grid worker's finding reads as a registration: codes only, the words stay with grid."""

from __future__ import annotations

from datetime import datetime

from services.intake.model import Form
from services.intake.model.words import PLACE_KINDS
from services.intake.rules.policy import Policy
from shared.contracts.grid import GridFindingReported

KINDS = {"sign": "苗头", "hazard": "隐患", "dispute": "纠纷"}


def form(found: GridFindingReported, now: datetime, policy: Policy) -> Form:
    """The registration of a finding; what a device's clock says too early or too late is set right."""
    place = f"，地点：{PLACE_KINDS[found.place_kind]}" if found.place_kind else ""
    known = policy.categories.get(found.category or "")
    return Form(
        channel="grid",
        region=found.region,
        grid_id=found.grid_id,
        summary=f"网格排查发现{KINDS[found.kind]}{f'（{known}）' if known else ''}{place}。详情见网格记录。",
        matter_type="dispute" if found.kind == "dispute" else "unclassified",
        category=found.category if known else None,
        place_kind=found.place_kind,
        persons_band=found.persons_band,
        discovered_at=min(found.found_at, now),
        flags=() if found.urgency == "normal" else ("sudden",),
        emergency=found.urgency == "emergency",
        first_receiver=found.reporter,
        finding_id=found.finding_id,
        not_given=("applicant.name", "grid_id"),
    )
