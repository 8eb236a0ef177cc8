"""A machine's own key (WebAuthn): it signs our question and never leaves the machine.

The library checks the signature, that it was made for our address and for this very question. We check that
the key is of this account, and that its count of signatures grows: of a copy it would not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.identity.store import Stores
from shared import ids
from shared.errors import Refused

NAME = "一站"
WRONG = (WebAuthnException, ValueError, KeyError, TypeError)


def device_id(key: str) -> str:
    """The id of a machine: one key, one machine, one account."""
    return ids.derived("device", key)


def question(challenge: bytes, keys: Iterable[str], origin: str) -> dict[str, Any]:
    """What the browser is asked when somebody signs in with one of these keys."""
    asked = webauthn.generate_authentication_options(
        rp_id=_host(origin),
        challenge=challenge,
        allow_credentials=_known(keys),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _plain(webauthn.options_to_json(asked))


def invitation(challenge: bytes, keys: Iterable[str], origin: str, username: str) -> dict[str, Any]:
    """What the browser is asked when a machine is to be registered."""
    asked = webauthn.generate_registration_options(
        rp_id=_host(origin),
        rp_name=NAME,
        user_name=username,
        challenge=challenge,
        exclude_credentials=_known(keys),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return _plain(webauthn.options_to_json(asked))


def read(challenge: bytes, credential: Mapping[str, Any], origin: str) -> tuple[str, bytes]:
    """Id and public key of a new machine. Raises Refused when it does not answer our question."""
    try:
        found = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=_host(origin),
            expected_origin=origin,
        )
    except WRONG as error:
        raise Refused("机器登记没有成功，请重试", code="credential_wrong") from error
    return bytes_to_base64url(found.credential_id), found.credential_public_key


def signed(stores: Stores, account: str, challenge: bytes, assertion: Mapping[str, Any], origin: str) -> bool:
    """Whether a registered machine of the account answered this question."""
    key = str(assertion.get("id", ""))
    held = stores.devices.find(device_id(key)) if key else None
    if held is None or held.state.account != account or held.state.state != "active":
        return False
    try:
        found = webauthn.verify_authentication_response(
            credential=dict(assertion),
            expected_challenge=challenge,
            expected_rp_id=_host(origin),
            expected_origin=origin,
            credential_public_key=held.state.public_key,
            credential_current_sign_count=0,
        )
    except WRONG:
        return False
    return stores.steps.signed(key, found.new_sign_count)


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _known(keys: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key)) for key in keys]


def _plain(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
