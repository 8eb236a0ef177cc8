"""What the security administrator decides: machines that wait to be registered."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template

from services.identity.handlers import devices
from services.identity.pages.frame import views
from services.identity.store import Stores
from shared.web import caller, cause, here, in_scope, needs

WAITING = "/identity/approvals"


@views.get("/approvals")
@needs("sec_admin")
def waiting() -> Any:
    """Machines of the own region that wait, with whose they are."""
    stores = here(Stores)
    found = stores.devices.waiting(caller().region)
    rows = [(held, stores.accounts.find(held.state.account)) for held in found]
    return render_template("identity/approvals.html", rows=[row for row in rows if row[1]])


@views.post("/approvals/<uuid:device_id>/<any(approve,refuse):decision>")
@needs("sec_admin")
def decide(device_id: Any, decision: str) -> Any:
    """Register the machine, or do not."""
    stores, id = here(Stores), str(device_id)
    in_scope(stores.devices.load(id).state.region)
    (devices.approve if decision == "approve" else devices.refuse)(stores, id, cause())
    return redirect(WAITING, 303)
