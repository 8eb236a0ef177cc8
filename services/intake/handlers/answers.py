"""What intake answers: an aggregate as the body that a clerk, a handler or a resident reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.intake.model import CaseView, Import, Mapping, Registration
from services.intake.model.suggestion import Candidate, Suggestion
from services.intake.rules import masking, sealing, standing
from services.intake.rules.mapping import parsed
from services.intake.rules.policy import Policy
from services.intake.rules.registering import EMERGENCY
from shared.aggregate import Held
from shared.crypto import Sealer
from shared.place import Place
from shared.profile import Profile, profile

_OPEN = (
    "reg_id", "case_id", "case_no", "state", "first_receiver", "registered_at", "not_given",
)  # fmt: skip
_LINE = (
    "reg_id", "case_id", "case_no", "state", "channel", "matter_type", "category", "region", "registered_at",
    "external_ref",
)  # fmt: skip
_RECORD = (
    "region", "channel", "matter_type", "category", "protected", "emergency", "refusal", "received_at",
    "discovered_at", "external_ref", "persons_band", "units_involved",
)  # fmt: skip
_HANDLING = ("state", "words", "unit", "due_at", "since")
_TEXTS = ("title", "summary", "place", "answer")


def registered(state: Registration, policy: Policy, sealer: Sealer) -> dict[str, Any]:
    """What the resident leaves with: numbers, the query code, the limits."""
    over = state.state != "registered"
    return {name: getattr(state, name) for name in _OPEN} | {
        "query_code": sealing.opened(state, "query_code", sealer),
        "possible_duplicates": state.possible_duplicates,
        "attachments": [attachment.field for attachment in state.attachments],
        "limits": () if over else policy.promises,
        "notice": EMERGENCY if state.emergency else None,
    }


def registration(state: Registration, policy: Policy, sealer: Sealer, roles: Sequence[str]) -> dict[str, Any]:
    """The record, masked as far as these roles need it."""
    opened = [sealing.opened(state, name, sealer) for name in _TEXTS]
    texts = dict(zip(_TEXTS, masking.texts(state, opened, roles, sealer), strict=True))
    requests = masking.texts(state, sealing.requests(state, sealer), roles, sealer)
    return (
        registered(state, policy, sealer)
        | {name: getattr(state, name) for name in _RECORD}
        | texts
        | {
            "requests": requests,
            "parties": [_party(state, n, sealer, roles) for n in range(len(state.parties))],
        }
    )


def handling(state: Registration, view: CaseView | None, policy: Policy) -> dict[str, Any]:
    """How the case of a registration stands, as last told here, and how long it took to come to a window."""
    found = standing.standing(state, view, (), policy.units)
    gap = state.registered_at - state.discovered_at if state.discovered_at else None
    return {
        "handling": {name: getattr(found, name) for name in _HANDLING},
        "out_of_hours": state.out_of_hours,
        "discovery_gap_hours": round(gap.total_seconds() / 3600, 1) if gap is not None else None,
    }


def _party(state: Registration, n: int, sealer: Sealer, roles: Sequence[str]) -> dict[str, Any]:
    party = state.parties[n]
    return {
        "party_ref": party.party_id,
        "role": party.role,
        "kind": party.kind,
        "masked": masking.of_party(state, party, roles, sealer),
        "minor_u14": party.minor_u14,
        "away": party.away,
        "language": party.language,
        "access_needs": party.access_needs,
    }


def page(
    shown: Sequence[Held[Registration]], found: Sequence[Held[Registration]], limit: int
) -> dict[str, Any]:
    """A page of a list: of what was found, one more than the limit, those that the reader may see."""
    more, last = len(found) > limit, found[limit - 1] if len(found) >= limit else None
    ids = {held.id for held in found[:limit]}
    return {
        "items": [_line(held) for held in shown if held.id in ids],
        "next": str(Place(at=last.state.registered_at, id=last.id)) if more and last else None,
    }


def _line(held: Held[Registration]) -> dict[str, Any]:
    line = {name: getattr(held.state, name) for name in _LINE} | {"version": held.version}
    return line | ({"category": None} if held.state.protected else {})


def of_import(state: Import) -> dict[str, Any]:
    """An import and how far it has come."""
    columns = parsed(json.loads(state.mapping)).columns.values()
    used = {source for column in columns for source in column.sources}
    address = f"/intake/imports/{state.import_id}/rejects.csv"
    return {
        "import_id": state.import_id,
        "state": state.state,
        "percent": state.percent,
        "mapping": state.mapping_name,
        "kind": state.kind,
        "columns": state.header,
        "unread_columns": [column for column in state.header if column not in used],
        "error_codes": state.error_codes,
        "created_at": state.created_at,
        "finished_at": state.finished_at,
        "rejects": address if state.counts.rejected else None,
    } | asdict(state.counts)


def of_mapping(mapping: Mapping) -> dict[str, Any]:
    """A mapping by its columns."""
    columns = {target: column.sources for target, column in mapping.columns.items()}
    return {"name": mapping.name, "title": mapping.title, "columns": columns}


NOTICE = "仅供参考：软件只提建议，由工作人员决定"


def suggestion(found: Suggestion) -> dict[str, Any]:
    """A suggestion with the names of its codes."""
    county = profile()
    unit = county.all_units.get(found.unit or "")
    return vars(found) | {
        "candidates": [_candidate(one, county) for one in found.candidates],
        "beside": _candidate(found.beside, county) if found.beside else None,
        "unit_name": unit.name if unit else "",
        "notice": NOTICE,
    }


def _candidate(one: Candidate, county: Profile) -> dict[str, Any]:
    known = county.category(one.category)
    return vars(one) | {"name": known.name if known else one.category}
