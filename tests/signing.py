"""Signed-in callers for tests: `headers=bearer("dispatcher", region="990101")`.

The first call makes a throw-away key pair in a temporary folder and lets this process read its secrets there.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared import ids, tokens
from shared.settings import settings

COUNTY = "990101"
PERSON = ids.derived("tests", "somebody")
TTL = 4 * 3600
"""Seconds a token holds: longer than any run of the tests, for many are made when a module is read."""


@cache
def secrets_folder() -> Path:
    """A folder of secrets for this test process."""
    folder = Path(tempfile.mkdtemp(prefix="yizhan-secrets-"))
    key = Ed25519PrivateKey.generate()
    (folder / "identity_key.pem").write_text(pem(key))
    (folder / "jwks.json").write_text(json.dumps({"keys": [tokens.jwk(key.public_key())]}))
    (folder / "first_admin").write_text("first-admin-for-tests\n")
    (folder / "factor_key").write_text(base64.b64encode(b"f" * 32).decode())
    for name in ("intake", "routing", "reporting"):
        (folder / f"service_{name}").write_text(f"secret-of-{name}\n")
    os.environ["YIZHAN_SECRETS"] = str(folder)
    settings.cache_clear()
    return folder


def pem(key: Ed25519PrivateKey) -> str:
    """A private key as the secret file has it."""
    private = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()).decode()


def token(
    *roles: str, ref: str = PERSON, region: str = COUNTY, unit: str = "centre_county",
    kind: tokens.Kind = "person", name: str = "", ttl: float = TTL, key: str = "",
) -> str:  # fmt: skip
    """A token as identity would issue it."""
    claims = tokens.Claims(
        ref=ref, roles=roles, region=region, unit=unit, kind=kind,
        name=name,
    )  # fmt: skip
    private = key or (secrets_folder() / "identity_key.pem").read_text()
    return tokens.issue(private, claims, timedelta(seconds=ttl))


def bearer(
    *roles: str, ref: str = PERSON, region: str = COUNTY, unit: str = "centre_county"
) -> dict[str, str]:
    """The header of a signed-in person with these roles."""
    return {"Authorization": f"Bearer {token(*roles, ref=ref, region=region, unit=unit)}"}


def machine(name: str = "routing") -> dict[str, str]:
    """The header of one of our own services."""
    return {"Authorization": f"Bearer {token('service', ref=name, region='', unit='', kind='service')}"}


def department(unit: str) -> dict[str, str]:
    """The header of a department's own system."""
    signed = token("department", ref=f"dept_{unit}", unit=unit, kind="department")
    return {"Authorization": f"Bearer {signed}"}
