"""What mediation answers: a matter as codes and times; its texts only where they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.mediation.model import Agreement, Item, Matter, Session
from services.mediation.model.table import MATTER, allowed
from services.mediation.rules import confirming, minutes, signing
from shared.aggregate import Held
from shared.crypto import Sealer
from shared.errors import NotFound
from shared.place import Place

_MATTER = (
    "mm_id", "case_id", "case_no", "region", "tier", "kind", "linkage", "linkage_stage", "organisation",
    "category", "protected", "state", "opened_at", "closed_at", "result", "close_reason", "routes_shown_at",
    "attempts", "parties", "panel",
)  # fmt: skip
_LINE = (
    "mm_id", "case_id", "case_no", "region", "tier", "kind", "linkage", "organisation", "category", "state",
    "opened_at", "closed_at", "result", "attempts",
)  # fmt: skip
_SESSION = (
    "session_id", "seq", "tier", "panel", "mode", "planned_start", "planned_end", "agreed_by", "place_cell",
    "place_kind", "room", "video_link", "started_at", "ended_at", "recorded", "attendance",
    "officials_absent", "means", "offers", "outcome", "reason", "counts_as_attempt", "counts_reason",
)  # fmt: skip
_ITEM = ("no", "debtor_ref", "way", "amount", "due_at", "done_at", "breached_at")
_CLOCK = ("kind", "start_at", "due_at", "state", "stopped_at", "extended", "provisional", "basis")


def matter(state: Matter) -> dict[str, Any]:
    """A matter for those who work on it."""
    main = state.clock(state.limit_kind)
    return _picked(state, _MATTER) | {
        "limit_due": main.due_at if main else None,
        "allowed": allowed(MATTER, state.state),
        "sessions": [session(each) for each in state.sessions],
        "clocks": [_picked(clock, _CLOCK) for clock in state.clocks],
        "agreement": agreement(state, state.agreement) if state.agreement else None,
    }


def session(state: Session) -> dict[str, Any]:
    """A sitting without its minutes."""
    return _picked(state, _SESSION) | {"minutes_versions": len(state.minutes)}


def agreement(state: Matter, agreed: Agreement) -> dict[str, Any]:
    """An agreement without its words; who has not signed yet, and whether a request to a court is late."""
    signed = agreed.form == "oral" or agreed.effective_at is not None
    names = ("agr_id", "form", "state", "drafted_at", "effective_at", "confirm_deadline", "total_amount")
    return _picked(agreed, (*names, "signatures", "filing")) | {
        "items": [_picked(item, _ITEM) for item in agreed.items],
        "missing_signatures": () if signed else signing.missing(state),
        "warning": confirming.warning(agreed),
    }


def page(found: Sequence[Held[Matter]], limit: int) -> dict[str, Any]:
    """A page of a list: of what was found, one more than the limit."""
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return {
        "items": [_line(held) for held in shown],
        "next": str(Place(at=last.state.opened_at, id=last.id)) if last else None,
    }


def minutes_of(state: Matter, session_id: str, sealer: Sealer) -> dict[str, Any]:
    """The minutes of a sitting in words, newest version first."""
    found = state.session(session_id)
    if found is None or not found.minutes:
        raise NotFound("还没有这次调解的笔录", code="minutes_not_found")
    opened = [minutes.opened(state, found, version, sealer) for version in reversed(found.minutes)]
    return {"session_id": session_id, "versions": opened}


def agreement_text(state: Matter, sealer: Sealer) -> dict[str, Any]:
    """The agreement in words, for signing, printing and the court."""
    agreed = state.agreement
    if agreed is None:
        raise NotFound("还没有协议文本", code="agreement_not_found")

    def words(sealed: bytes, field: str) -> str:
        return sealer.open(sealed, owner=state.mm_id, field=f"{agreed.agr_id}.{field}")

    def item(each: Item) -> dict[str, Any]:
        place = words(each.place, f"item.{each.no}.place") if each.place else ""
        return _picked(each, _ITEM) | {"what": words(each.what, f"item.{each.no}.what"), "place": place}

    return agreement(state, agreed) | {
        "facts": words(agreed.facts, "facts"),
        "responsibility": words(agreed.responsibility, "responsibility"),
        "items": [item(each) for each in agreed.items],
    }


def _line(held: Held[Matter]) -> dict[str, Any]:
    line = _picked(held.state, _LINE) | {"version": held.version}
    return line | ({"category": None} if held.state.protected else {})


def _picked(value: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}
