"""Taking away what is personal: when its time is over, or because the person may ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.intake.handlers import likeness, vault
from services.intake.model import Registration
from services.intake.rules import erasing, papers, receiving
from services.intake.rules.privacy import OVER
from services.intake.store import Stores
from shared.aggregate import Held
from shared.decision import SYSTEM, Actor, Cause, Decision
from shared.profile import profile

BATCH = 200
YEAR = timedelta(days=365.25)
RETENTION = "retention"


def sweep(all: Stores, now: datetime) -> int:
    """Make nameless what is older than the profile lets it be kept; how many."""
    years = profile().retention.pii_after_archive_years
    done = 0
    for held in _personal(all, now - years * YEAR):
        ended = ended_at(all, held.state)
        if ended and ended <= now - years * YEAR:
            done += anonymise(all, held.id, RETENTION, Cause(at=now, actor=SYSTEM))
    return done


def _personal(all: Stores, before: datetime) -> Iterator[Held[Registration]]:
    last = ""
    while batch := all.registrations.personal(before, last, BATCH):
        yield from batch
        last = batch[-1].id


def ended_at(all: Stores, registration: Registration) -> datetime | None:
    """When its matter came to its end; None while it is handled."""
    if registration.state in OVER:
        return registration.answered_at or registration.registered_at
    seen = vault.views(all, registration)  # the last is of the matter it is handled as one with
    return seen[-1].state_at if seen and seen[-1].state in OVER else None


def anonymise(all: Stores, reg_id: str, reason: str, cause: Cause) -> bool:
    """Nothing personal stays of a registration and its files; whether there was anything."""
    before = all.registrations.load(reg_id).state
    if before.anonymised_at:
        return False
    erase_files(all, reg_id, reason, cause)
    erase_hall(all, reg_id, reason, cause)
    likeness.forget(all, reg_id)  # before: whoever stops here begins again, and finds nothing left behind
    all.registrations.change(reg_id, cause, lambda state: erasing.anonymised(state, reason, cause.at))
    _record(all, cause.actor, "registration.anonymise", before, cause.at, reason)
    return True


def remove_party(all: Stores, reg_id: str, party_id: str, cause: Cause) -> None:
    """One party's data go; everything personal when there is nobody else."""

    def rule(state: Registration) -> Decision[Registration] | None:
        return erasing.without_party(state, party_id, cause.at, all.sealer)

    held = all.registrations.change(reg_id, cause, rule)
    if held.state.anonymised_at:
        erase_files(all, reg_id, "request", cause)
        erase_hall(all, reg_id, "request", cause)
    likeness.redraw(all, held.state)
    _record(all, cause.actor, "party.remove", held.state, cause.at, "request")


def erase_files(all: Stores, reg_id: str, reason: str, cause: Cause) -> None:
    """The bytes go first, unless another matter has the same file; then the names."""
    for held in all.files.having(reg_id=reg_id):
        for name in {held.state.sha256, held.state.thumbnail} - {""}:
            same = [other for other in all.files.having(sha256=name) if other.state.reg_id != reg_id]
            if not any(other.state.name for other in same):
                all.blobs.drop(name)
        all.files.change(held.id, cause, lambda state: erasing.erased(state, reason))


def erase_hall(all: Stores, reg_id: str, reason: str, cause: Cause) -> None:
    """What was said at visits, and the titles of papers."""
    for visit in all.receptions.having(reg_id=reg_id):
        all.receptions.change(visit.id, cause, lambda state: receiving.erased(state, reason))
    for bundle in all.papers.having(reg_id=reg_id):
        all.papers.change(bundle.id, cause, lambda state: papers.erased(state, reason))


def _record(
    all: Stores, actor: Actor, action: str, registration: Registration, at: datetime, reason: str
) -> None:
    what = f"registration/{registration.reg_id}"
    all.audit.append(actor, action, what, at=at, purpose=reason, case=registration.case_id)
