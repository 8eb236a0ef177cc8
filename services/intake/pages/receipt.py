"""The receipt that a resident leaves with: large enough to read, a square code, nobody's number."""

from __future__ import annotations

from typing import Any

import segno
from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import answers, vault
from services.intake.handlers.channels import channels
from services.intake.handlers.policy import policy
from services.intake.model.channel import RECEIPTS
from services.intake.pages.base import pages
from services.intake.rules.revealing import READERS
from services.intake.store import Stores
from shared.profile import profile
from shared.web import caller, here, needs, record, site


@pages.get("/registrations/<uuid:id>/receipt")
@needs(*READERS)
def receipt(id: Any) -> ResponseReturnValue:
    """The receipt of a registration; `?large=1` prints it in large type."""
    all = here(Stores)
    held = vault.readable(all, str(id), caller().actor, caller().roles)
    record(all.audit, "registration.receipt", f"registration/{held.id}", purpose="document")
    state = held.state
    said = answers.registered(state, policy(state.region, site().clock()), all.sealer)
    address = f"{request.host_url}intake/query?code={said['query_code']}"
    unit = profile().all_units.get(state.receiving_unit or "")
    return render_template(
        "intake/receipt.html",
        said=said,
        state=state,
        rule=channels()[state.channel],
        how=RECEIPTS[channels()[state.channel].receipt],
        centre=unit.name if unit else profile().name,
        code=segno.make(address, error="m").svg_data_uri(scale=4, border=2),
        large=request.args.get("large", ""),
    )
