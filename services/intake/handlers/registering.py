"""Taking a matter in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from services.intake.handlers import hall, likeness, suggesting, vault
from services.intake.handlers.likeness import Look
from services.intake.model import Form, Registration, Similar
from services.intake.rules import checks, gates, marking, referring, registering, sealing
from services.intake.rules.likeness import listing
from services.intake.rules.policy import Policy
from services.intake.store import Stores
from services.intake.store.registrations import Marks
from services.intake.store.sketches import Sketches
from shared import ids
from shared.aggregate import Held
from shared.clock import local
from shared.decision import Cause
from shared.errors import Refused

LOOK_BACK = timedelta(days=30)  # the same person with the same kind of matter within that time


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A registration, and whether this request made it."""

    held: Held[Registration]
    new: bool


def register(
    all: Stores,
    form: Form,
    cause: Cause,
    policy: Policy,
    *,
    ask: bool = False,
    roles: Sequence[str] = ("service",),
) -> Registered:
    """Register a matter, or find the one that the same key or the same outside number made before.

    Raises Refused with every wrong field, and when the key was used for another content; Forbidden or
    NotFound when somebody else registered it before and these roles may not see it; with `ask` also Illegal
    when an earlier matter looks the same, so that a person decides.
    """
    referring.check_own(form, cause.actor)
    reg_id = identity(all, form, cause)
    earlier = all.registrations.find(reg_id)
    if earlier:
        if cause.key not in earlier.inbox and not referring.is_own(form, cause.actor):
            vault.readable(all, reg_id, cause.actor, roles)
        return Registered(held=all.registrations.open(reg_id, cause, lambda state: None), new=False)
    cleaned = checks.clean(form, cause.at)
    checks.check(cleaned, policy, cause.at)
    gates.check(cleaned, by_person=cause.actor.role not in registering.MACHINES)
    looked = look(all, cleaned, cause)
    shown = visible(all, similar(all, cleaned, cause, looked), cause, roles)
    if ask:
        registering.ask_about(shown)
    policy = replace(policy, out_of_hours=policy.out_of_hours or _outside(all, cleaned, cause))
    number = all.numbers.take(sequence(policy, cause))
    made = write(all, reg_id, cleaned, cause, policy, number=number, similar=shown)
    if made.new:
        likeness.remember(all, made.held.state, looked)
    return made


def _outside(all: Stores, form: Form, cause: Cause) -> bool:
    """Whether the window that a form names is none of this centre's, or is closed (IN-02)."""
    return bool(form.window) and hall.outside(all, cause.actor.unit, form.window)


def identity(all: Stores, form: Form, cause: Cause) -> str:
    """The id of this registration: the same for the same outside number, or for the same key."""
    known = all.registrations.by_key(cause.key) if cause.key else None
    if form.external_ref.strip():
        mine = ids.derived("registration", *referring.source(form, cause.actor), form.external_ref.strip())
    elif form.finding_id:
        mine = ids.derived("registration", "finding", form.finding_id)
    else:
        mine = ids.derived("registration", "key", cause.key) if cause.key else ids.new()
    if known and known.id != mine:
        raise Refused("同一个 Idempotency-Key 已用于另一份内容", code="idempotency_key_reused")
    return mine


def sequence(policy: Policy, cause: Cause) -> str:
    """The name of the sequence that case numbers of this county and year are taken from."""
    return f"{policy.county6}-{local(cause.at).year}"


def case_no(policy: Policy, cause: Cause, number: int) -> str:
    """The case number with this sequence number."""
    return registering.case_no(policy.county6, local(cause.at).year, number)


def look(all: Stores, form: Form, cause: Cause, *, but: str = "", beside: Sequence[Sketches] = ()) -> Look:
    """Earlier matters whose words are like those of a cleaned form."""
    words = likeness.Words(title=form.title, text=form.summary, region=form.region, at=cause.at)
    return likeness.look(all, words, but=but, beside=beside)


def similar(
    all: Stores, form: Form, cause: Cause, looked: Look | None = None, *, but: str = ""
) -> tuple[Similar, ...]:
    """Earlier matters that look the same as a cleaned form: of the same person, of the same or like words."""
    marks = Marks(
        persons=marking.persons_sought(form, all.sealer),
        category=form.category,
        texts=marking.texts_sought(form.summary, all.sealer),
        since=cause.at - LOOK_BACK,
        but=but,
    )
    found = (looked or look(all, form, cause, but=but)).found
    return listing.together(all.registrations.similar(marks), found)


def visible(
    all: Stores, found: tuple[Similar, ...], cause: Cause, roles: Sequence[str]
) -> tuple[Similar, ...]:
    """Without the protected matters that this reader may not see (DOMAIN 3.9)."""
    held = all.registrations.several([one.reg_id for one in found if one.category is None])
    secret = [one for one in held.values() if one.state.protected]
    seen = {one.id for one in vault.visible(all, secret, cause.actor, roles)}
    hidden = {one.id for one in secret} - seen
    return tuple(one for one in found if one.reg_id not in hidden)


def write(
    all: Stores,
    reg_id: str,
    form: Form,
    cause: Cause,
    policy: Policy,
    *,
    number: int,
    similar: tuple[Similar, ...],
) -> Registered:
    """The one write of a cleaned and checked form under its number."""
    minted = _minted(all, reg_id, form, policy, cause, number)
    kept = sealing.vaulted(form, reg_id, ids.query_code(), all.sealer)
    made = registering.register(
        form,
        kept,
        minted,
        similar=similar,
        policy=policy,
        actor=cause.actor,
        now=cause.at,
        request_key=cause.key,
        suggested=suggesting.for_form(form),
    )
    held = all.registrations.open(reg_id, cause, lambda state: None if state else made)
    return Registered(held=held, new=held.state.case_no == minted.case_no)


def _minted(
    all: Stores, reg_id: str, form: Form, policy: Policy, cause: Cause, number: int
) -> registering.Minted:
    outside = form.external_ref
    return registering.Minted(
        reg_id=reg_id,
        case_id=ids.derived("case", reg_id),
        case_no=case_no(policy, cause, number),
        external_ref_hash=all.sealer.blind_index("external_ref", outside) if outside else None,
    )
