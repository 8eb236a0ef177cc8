"""What the centre gives a department over HTTPS: personal fields of a case with a receipt, and its files.

Events never carry names. What is given here is for the hand that asked: it is not stored by the adapter.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow import fields as mm

from yizhan_adapter import files
from yizhan_adapter.errors import NeverPossible, NotSignedIn, OfficeDown, TryLater
from yizhan_adapter.office import Office

TOKENS, VAULT = "/identity/tokens", "/intake/vault/disclosures"
BASIS = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][a-z0-9_.]{0,47}"
)  # as the vault reads it
NAMES = uuid.UUID("3b6e1d52-6c0f-5d0e-9a55-8f1f6f3b7c11")  # of the keys under which a claim may be repeated


@dataclass(frozen=True, kw_only=True)
class Party:
    """One side of the case with what was given of it."""

    ref: str
    role: str  # applicant, respondent, third_party, representative
    kind: str
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """The fields that were given, and the receipt the resident can look up.

    `fields` is {field: {party's ref: value}}; `parties` says who of them is which.
    """

    receipt_id: str
    fields: Mapping[str, Any] = field(repr=False)
    disclosed_at: datetime
    parties: tuple[Party, ...] = field(default=(), repr=False)

    def of(self, role: str) -> tuple[Party, ...]:
        """The parties in a role, as they were registered: `given.of("applicant")[0].values["name"]`."""
        return tuple(party for party in self.parties if party.role == role)


class _Party(Schema):
    class Meta:
        unknown = EXCLUDE

    ref = mm.String(required=True, data_key="party_ref")
    role = mm.String(required=True)
    kind = mm.String(load_default="")
    values = mm.Dict(keys=mm.String(), values=mm.String(), required=True)


class _Answer(Schema):
    class Meta:
        unknown = EXCLUDE

    receipt_id = mm.String(required=True)
    given = mm.Dict(keys=mm.String(), required=True, data_key="fields")
    disclosed_at = mm.AwareDateTime(required=True)
    parties = mm.List(mm.Nested(_Party), load_default=list)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Who asks for which fields of which case, and why."""

    delivery_id: str
    case_id: str
    fields: tuple[str, ...]
    purpose: str
    basis: str

    @property
    def key(self) -> str:
        """The same claim of the same hand-over is one disclosure, however often it is sent."""
        parts = (self.delivery_id, self.purpose, self.basis, *sorted(self.fields))
        return str(uuid.uuid5(NAMES, "|".join(parts)))


class Discloses(Protocol):
    """Whoever can give fields: the vault, or what a fixture recorded."""

    def claim(self, claim: Claim) -> Disclosed:
        """The fields, or TryLater, or NeverPossible."""

    def files(self, path: str) -> tuple[files.CaseFile, ...]:
        """The files that are listed at a path, or TryLater, or NeverPossible."""


class Vault:
    """The centre's vault over HTTPS, opened with the department's machine token."""

    def __init__(
        self,
        url: str,
        department: str,
        secret: Callable[[], str],
        basis: str = "",
        office: Callable[[str], Office] = Office,
    ) -> None:
        self.department, self.secret, self.basis = department, secret, basis
        self._office, self._token = office(url), ""

    def claim(self, claim: Claim) -> Disclosed:
        """Raises TryLater when the centre does not answer, NeverPossible when it refuses."""
        body = {
            "recipient_unit": self.department,
            "case_id": claim.case_id,
            "fields": list(claim.fields),
            "purpose": claim.purpose,
            "basis": checked(claim.basis or self.basis),
        }
        return _read(self.asked("POST", VAULT, body, {"Idempotency-Key": claim.key}))

    def files(self, path: str) -> tuple[files.CaseFile, ...]:
        """The files listed at a path of the centre's; asking again renews their links."""
        return files.listed(self.asked("GET", path), self.fetched)

    def fetched(self, address: str) -> bytes:
        """The bytes behind a link; raises TryLater, or NeverPossible."""
        try:
            return self._office.fetch(files.path_of(address), files.LARGEST)
        except OfficeDown as error:
            raise TryLater(f"the centre does not answer: {error}") from error

    def asked(self, method: str, path: str, body: Any = None, more: Mapping[str, str] | None = None) -> Any:
        """What the centre answers to a request of this department; raises TryLater, or NeverPossible."""
        try:
            return self._sent(method, path, body, more or {})
        except OfficeDown as error:  # the centre is down, not the department's own system
            raise TryLater(f"the vault does not answer: {error}") from error

    def _sent(self, method: str, path: str, body: Any, more: Mapping[str, str]) -> Any:
        if self._token:
            try:
                return self._signed(method, path, body, more)
            except NotSignedIn:
                pass  # the token ran out
        self._token = self.sign_in()
        return self._signed(method, path, body, more)

    def sign_in(self) -> str:
        """A fresh token for this department.

        Raises TryLater when the centre does not know its password: no fault of the ask in hand. It was
        just claimed or changed over, or the connection rests.
        """
        asked = {"grant": "client_credentials", "department": self.department, "secret": self.secret()}
        try:
            token = self._office.post(TOKENS, asked).get("access_token", "")
        except NotSignedIn as error:
            raise TryLater(f"the centre lets {self.department} not in: {error}") from error
        if not token:
            raise TryLater("the centre gave no token")
        return str(token)

    def _signed(self, method: str, path: str, body: Any, more: Mapping[str, str]) -> Any:
        return self._office.send(method, path, body, {"Authorization": f"Bearer {self._token}", **more})


def checked(basis: str) -> str:
    """The basis, if the vault can read it; raises NeverPossible for a sentence instead of a code."""
    if not BASIS.fullmatch(basis):
        raise NeverPossible(f"a basis is the code of a law or the id of an agreement, not {basis!r}")
    return basis


def claim_of(delivery_id: str, case_id: str, fields: Iterable[str], purpose: str, basis: str) -> Claim:
    """A claim; raises NeverPossible when it names no field or no purpose."""
    names = tuple(dict.fromkeys(fields))
    if not names or not purpose.strip():
        raise NeverPossible("a claim on the vault names its fields and its purpose")
    return Claim(delivery_id=delivery_id, case_id=case_id, fields=names, purpose=purpose, basis=basis)


def _read(answer: Any) -> Disclosed:
    try:
        found = _Answer().load(answer)
    except (ValidationError, TypeError) as error:
        raise TryLater("the vault's answer is not one") from error
    parties = tuple(Party(**party) for party in found.pop("parties"))
    return Disclosed(fields=found.pop("given"), parties=parties, **found)
