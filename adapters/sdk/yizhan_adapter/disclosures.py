"""Claims personal fields of a case from the centre's vault: for a purpose, on a basis, with a receipt.

Events never carry names. What is given here is for the hand that asked: it is not stored by the adapter.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow import fields as mm

from yizhan_adapter.errors import NeverPossible, NotSignedIn, OfficeDown, TryLater
from yizhan_adapter.office import Office

TOKENS, VAULT = "/identity/tokens", "/intake/vault/disclosures"
NAMES = uuid.UUID("3b6e1d52-6c0f-5d0e-9a55-8f1f6f3b7c11")  # of the keys under which a claim may be repeated


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """The fields that were given, and the receipt the resident can look up."""

    receipt_id: str
    fields: Mapping[str, Any] = field(repr=False)
    disclosed_at: datetime


class _Answer(Schema):
    class Meta:
        unknown = EXCLUDE

    receipt_id = mm.String(required=True)
    given = mm.Dict(keys=mm.String(), required=True, data_key="fields")
    disclosed_at = mm.AwareDateTime(required=True)


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
        try:
            return _read(self._asked(claim))
        except OfficeDown as error:  # the centre is down, not the department's own system
            raise TryLater(f"the vault does not answer: {error}") from error

    def _asked(self, claim: Claim) -> Any:
        if self._token:
            try:
                return self._send(claim)
            except NotSignedIn:
                pass  # the token ran out
        self._token = self.sign_in()
        return self._send(claim)

    def sign_in(self) -> str:
        """A fresh token for this department."""
        asked = {"grant": "client_credentials", "department": self.department, "secret": self.secret()}
        token = self._office.post(TOKENS, asked).get("access_token", "")
        if not token:
            raise TryLater("the centre gave no token")
        return str(token)

    def _send(self, claim: Claim) -> Any:
        body = {
            "recipient_unit": self.department,
            "case_id": claim.case_id,
            "fields": list(claim.fields),
            "purpose": claim.purpose,
            "basis": claim.basis or self.basis,
        }
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": claim.key}
        return self._office.send("POST", VAULT, body, headers)


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
    return Disclosed(fields=found.pop("given"), **found)
