"""What is put right and what is taken away of a registration: one field, or everything personal.

What remains after that can be counted and no more: codes, bands, times, the township it happened in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.intake.model.file import File
from services.intake.model.registration import Party, Registration
from services.intake.rules import marking
from shared.contracts.privacy import FileErased, RegistrationAnonymised, RegistrationCorrected
from shared.crypto import Sealer
from shared.decision import Decision

TOWNSHIP = 9  # digits of a region that stay


def corrected(
    state: Registration, party_id: str, field: str, value: str, sealer: Sealer
) -> Decision[Registration]:
    """The registration with one field of one party put right, and its marks made anew."""

    def put_right(party: Party) -> Party:
        if party.party_id != party_id:
            return party
        sealed: Any = sealer.seal(value, owner=state.reg_id, field=f"{party_id}.{field}")
        return replace(party, **{field: sealed})

    after = replace(state, parties=tuple(put_right(party) for party in state.parties))
    after = replace(after, **marking.marks_of(after, sealer))
    told = RegistrationCorrected(reg_id=state.reg_id, case_id=state.case_id, field_codes=(field,))
    return Decision(state=after, events=(told,), reason="corrected")


def anonymised(state: Registration, reason: str, now: datetime) -> Decision[Registration] | None:
    """The registration without anything personal; None when that was done before."""
    if state.anonymised_at:
        return None
    told = RegistrationAnonymised(reg_id=state.reg_id, case_id=state.case_id, reason=reason)
    return Decision(state=_bare(state, now), events=(told,), reason=reason)


def without_party(
    state: Registration, party_id: str, now: datetime, sealer: Sealer
) -> Decision[Registration] | None:
    """The registration without one party's data; without anybody's when there is nobody else on that side."""
    others = [p for p in state.parties if p.party_id != party_id and (p.name or p.phone or p.id_no)]
    if not others:
        return anonymised(state, "request", now)
    parties = tuple(_nobody(p) if p.party_id == party_id else p for p in state.parties)
    after = replace(state, parties=parties)
    after = replace(after, **marking.marks_of(after, sealer))
    if not after.person_marks:
        after = replace(after, query_marks=())  # the code alone must not open it
    told = RegistrationCorrected(
        reg_id=state.reg_id, case_id=state.case_id, field_codes=("name", "phone", "id_no", "address")
    )
    return Decision(state=after, events=(told,), reason="removed")


def _nobody(party: Party) -> Party:
    return Party(party_id=party.party_id, role=party.role, kind=party.kind)


def _bare(state: Registration, now: datetime) -> Registration:
    return replace(
        state,
        region=state.region[:TOWNSHIP],
        grid_id=None,
        query_code=b"",
        summary=b"",
        title=None,
        requests=(),
        place=None,
        answer=None,
        parties=tuple(_nobody(party) for party in state.parties),
        attachments=(),
        external_ref="",
        possible_duplicates=(),
        request_key=None,
        persons_involved=None,
        person_marks=(),
        query_marks=(),
        text_mark="",
        anonymised_at=now,
    )


def erased(file: File, reason: str) -> Decision[File] | None:
    """A file without its name; its bytes are gone already. None when that was done before."""
    if not file.name:
        return None
    told = FileErased(file_id=file.file_id, case_id=file.case_id, reason=reason)
    return Decision(state=replace(file, name=b""), events=(told,), reason=reason)
