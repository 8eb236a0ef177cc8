"""Forms and a policy as tests of intake use them; every name and number is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.intake.handlers.channels import channels
from services.intake.model import Form, PartyForm
from services.intake.rules.policy import Policy
from shared.profile.model import SOURCE_DOMAINS

NOW = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)  # 10:30 in the county
PHONE = "13800130000"
ID_NUMBER = "11010519491231002X"
POLICY = Policy(
    county6="990101",
    profile_version="xx-county@1",
    categories={"neighbour": "邻里纠纷", "labour_wages": "拖欠农民工工资纠纷"},
    source_domains=SOURCE_DOMAINS,
    refusals={"court_accepted": "法院已受理或已判决"},
    units={"police": "县公安局", "centre_101": "松岚镇中心"},
    promises=("最迟30天内给您答复",),
    receiver="window_clerk.centre_county",
    channels=channels(),
)


def applicant(**more: Any) -> PartyForm:
    """Somebody who asks."""
    return PartyForm(**({"role": "applicant", "name": "甲某", "phone": PHONE} | more))


def form(**more: Any) -> Form:
    """A registration at the window."""
    return Form(
        **(
            {
                "channel": "window",
                "region": "990101101201",
                "summary": "隔壁把院墙往我家这边挪了半米，水沟也堵了。",
                "category": "neighbour",
                "parties": (applicant(),),
            }
            | more
        )
    )
