"""Signed links: what a bearer may do with one thing, until when. Ed25519, like tokens, but never a token.

Each service signs with a key of its own, made from its secret: changing the secret ends all of its links.
Nothing about a person is ever in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.settings import settings

ALGORITHM = "EdDSA"


class Forged(Exception):
    """Not a link of ours for this use."""


class Signer:
    """Makes and reads the links of one service for one use."""

    def __init__(self, secret: str, use: str) -> None:
        made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"yizhan link {use}".encode())
        self.key, self.use = Ed25519PrivateKey.from_private_bytes(made.derive(secret.encode())), use

    def sign(self, claims: Mapping[str, Any], until: datetime) -> str:
        """A link's token for these claims; the same claims and instant give the same token."""
        body = {**claims, "aud": self.use, "exp": int(until.timestamp())}
        return jwt.encode(body, self.key, algorithm=ALGORITHM)

    def read(self, token: str) -> tuple[dict[str, Any], datetime]:
        """The claims, and until when they hold: by the caller's clock, not checked here.

        Raises Forged when it was changed, is of another service or another use, or is no token.
        """
        options: Any = {"require": ["exp", "aud"], "verify_exp": False}
        try:
            body = jwt.decode(
                token, self.key.public_key(), algorithms=[ALGORITHM], audience=self.use, options=options
            )
        except (jwt.InvalidTokenError, ValueError) as error:
            raise Forged from error
        return body, datetime.fromtimestamp(int(body["exp"]), UTC)


@cache
def signer(service: str, use: str) -> Signer:
    """The signer of this process.

    Raises FileNotFoundError when the service's secret is not here.
    """
    return Signer(settings().secret(f"service_{service}"), use)
