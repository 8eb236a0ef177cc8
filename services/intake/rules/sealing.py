"""What goes into the vault and what comes out: a form becomes sealed fields, and sealed fields words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.intake.model.form import Form, PartyForm
from services.intake.model.registration import Attachment, Party, Registration
from services.intake.model.words import OUR_SIDE
from services.intake.rules import numbers
from shared import ids
from shared.crypto import Sealer
from shared.text import letters

LIMITS = {"title": 60, "summary": 2000, "request": 500}  # DOMAIN 3.2; what is longer is kept as an attachment
SHORTEST_TEXT = 12  # shorter texts are alike by chance


@dataclass(frozen=True, kw_only=True)
class Vaulted:
    """A form's words, sealed, and the marks by which it is found again."""

    summary: bytes
    title: bytes | None
    requests: tuple[bytes, ...]
    place: bytes | None
    answer: bytes | None
    query_code: bytes
    parties: tuple[Party, ...]
    attachments: tuple[Attachment, ...]
    person_marks: tuple[str, ...]
    query_marks: tuple[str, ...]
    text_mark: str
    marked_by: int = 1


def vaulted(form: Form, reg_id: str, query_code: str, sealer: Sealer) -> Vaulted:
    """The sealed form of everything in a cleaned form that is words or numbers of people."""

    def seal(text: str | None, field: str, limit: int = 0) -> bytes | None:
        return sealer.seal(text[: limit or None], owner=reg_id, field=field) if text else None

    return Vaulted(
        summary=sealer.seal(form.summary[: LIMITS["summary"]], owner=reg_id, field="summary"),
        title=seal(form.title, "title", LIMITS["title"]),
        requests=tuple(
            sealer.seal(text[: LIMITS["request"]], owner=reg_id, field=f"request.{n}")
            for n, text in enumerate(form.requests)
        ),
        place=seal(form.place, "place"),
        answer=seal(form.answer, "answer"),
        query_code=sealer.seal(query_code, owner=reg_id, field="query_code"),
        parties=tuple(_party(party, reg_id, n, sealer) for n, party in enumerate(form.parties)),
        attachments=tuple(_attachments(form, reg_id, sealer)),
        person_marks=person_marks(form, sealer),
        query_marks=tuple(sorted({query_mark(query_code, end, sealer) for end in _tails(form)})),
        text_mark=text_mark(form.summary, sealer),
        marked_by=sealer.marking.id,
    )


def _party(form: PartyForm, reg_id: str, n: int, sealer: Sealer) -> Party:
    id = ids.derived("party", reg_id, str(n))

    def seal(field: str) -> bytes | None:
        value = getattr(form, field)
        return sealer.seal(value, owner=reg_id, field=f"{id}.{field}") if value else None

    return Party(
        party_id=id,
        role=form.role,
        kind=form.kind,
        name=seal("name"),
        phone=seal("phone"),
        id_no=seal("id_no"),
        address=seal("address"),
        language=form.language,
        access_needs=form.access_needs,
        minor_u14=form.minor_u14,
        away=form.away,
    )


def _attachments(form: Form, reg_id: str, sealer: Sealer) -> Iterator[Attachment]:
    texts = [("title", form.title, LIMITS["title"]), ("summary", form.summary, LIMITS["summary"])]
    texts += [(f"request.{n}", text, LIMITS["request"]) for n, text in enumerate(form.requests)]
    for field, text, limit in texts:
        if len(text) > limit:
            content = sealer.seal(text, owner=reg_id, field=f"attachment.{field}")
            yield Attachment(field=field, characters=len(text), content=content)


def _tails(form: Form) -> set[str]:
    ours = [party for party in form.parties if party.role in OUR_SIDE]
    found = {numbers.tail(number) for party in ours for number in (party.phone, party.id_no) if number}
    return found or {""}


def person_marks(form: Form, sealer: Sealer) -> tuple[str, ...]:
    """Marks of the applicant's own numbers: equal numbers, equal marks."""
    ours = [party for party in form.parties if party.role in OUR_SIDE]
    found = {
        sealer.blind_index(field, value)
        for party in ours
        for field, value in (("phone", party.phone), ("id_no", party.id_no))
        if value
    }
    return tuple(sorted(found))


def text_mark(text: str, sealer: Sealer) -> str:
    """The mark of a text without its spaces and punctuation; empty when it is too short to say anything."""
    bare = letters(text)
    return sealer.blind_index("text", bare) if len(bare) >= SHORTEST_TEXT else ""


def query_mark(code: str, phone_tail: str, sealer: Sealer) -> str:
    """The mark of a query code together with the phone tail: neither opens anything alone."""
    return sealer.blind_index("query", f"{code.upper()}:{phone_tail.upper()}")


def opened(registration: Registration, field: str, sealer: Sealer) -> str:
    """One text of a registration in words, whole; empty when it was not given."""
    whole = next((a for a in registration.attachments if a.field == field), None)
    if whole:
        return sealer.open(whole.content, owner=registration.reg_id, field=f"attachment.{field}")
    if field.startswith("request."):
        sealed: bytes | None = registration.requests[int(field.removeprefix("request."))]
    else:
        sealed = getattr(registration, field)
    return sealer.open(sealed, owner=registration.reg_id, field=field) if sealed else ""


def requests(registration: Registration, sealer: Sealer) -> list[str]:
    """The requests in words."""
    return [opened(registration, f"request.{n}", sealer) for n in range(len(registration.requests))]


def personal(registration: Registration, party: Party, field: str, sealer: Sealer) -> str:
    """One number or name of a party in words; empty when it was not given."""
    sealed: bytes | None = getattr(party, field)
    where = f"{party.party_id}.{field}"
    return sealer.open(sealed, owner=registration.reg_id, field=where) if sealed else ""
