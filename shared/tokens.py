"""Tokens: who somebody is, signed by identity with Ed25519, checked by every service by itself.

A token's life is real time, not the movable clock of demos: it belongs to the person at the desk.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared import ids
from shared.decision import Actor
from shared.errors import Unauthorised
from shared.settings import settings

Kind = Literal["person", "service", "department"]
ISSUER = "yizhan"
ALGORITHM = "EdDSA"
FORGET = 3600.0  # seconds after which no token of an ended session can be alive
EARLY = 60.0  # a service token is asked for again this many seconds before it ends


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Who calls: a reference, what they may do, and how far they see.

    `role` is the one they act in: of the roles they have, the first that the view asks for. `name` and
    `unit_name` are for the top bar of their own pages and go nowhere else.
    """

    ref: str
    roles: tuple[str, ...] = ()
    region: str = ""
    unit: str = ""
    kind: Kind = "person"
    id: str = ""
    name: str = ""
    unit_name: str = ""
    role: str = ""
    bound: str = (
        ""  # `cert:<fingerprint>` or `held:<hash>`: good only together with that certificate or secret
    )

    @property
    def actor(self) -> Actor:
        """The same person as history and events know them: without a name."""
        return Actor(ref=self.ref, role=self.role or self.roles[0], unit=self.unit, region=self.region)

    def sees(self, region: str) -> bool:
        """Whether a region lies in this caller's own subtree; a machine of ours sees every region."""
        return self.kind == "service" or bool(self.region and region.startswith(self.region))


def issue(private_key: str, claims: Claims, ttl: timedelta) -> str:
    """A signed token for these claims; its id is new unless the claims have one."""
    key = serialization.load_pem_private_key(private_key.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    now = datetime.now(UTC)
    body: dict[str, Any] = {
        "iss": ISSUER, "sub": claims.ref, "jti": claims.id or ids.new(), "iat": now, "exp": now + ttl,
        "roles": list(claims.roles), "region": claims.region, "unit": claims.unit, "kind": claims.kind,
        "name": claims.name, "unit_name": claims.unit_name,
    } | ({"bound": claims.bound} if claims.bound else {})  # fmt: skip
    return jwt.encode(body, key, algorithm=ALGORITHM, headers={"kid": jwk(key.public_key())["kid"]})


def verify(token: str) -> Claims:
    """The claims of a token.

    Raises Unauthorised when it is expired, forged, not ours, or signed by a key we do not know.
    """
    path = settings().secrets / "jwks.json"
    try:
        body = _decoded(token, path, path.stat().st_mtime_ns)
        if body["exp"] <= time.time():
            raise jwt.ExpiredSignatureError
    except jwt.ExpiredSignatureError as error:
        raise Unauthorised("登录已过期，请重新登录", code="token_expired") from error
    except (jwt.InvalidTokenError, KeyError, ValueError) as error:
        raise Unauthorised("登录凭证无效，请重新登录", code="token_invalid") from error
    if str(body["jti"]) in _ended:
        raise Unauthorised("您已退出，或账户已在别处登录，请重新登录", code="session_ended")
    return _claims(body)


@lru_cache(4096)
def _decoded(token: str, path: Path, changed: int) -> dict[str, Any]:
    """What a token says, its signature checked once as long as the keys stay the same."""
    key = _read_keys(path, changed)[jwt.get_unverified_header(token).get("kid", "")]
    options = cast(Any, {"require": ["exp", "sub", "jti", "iss"], "verify_iat": False})
    return jwt.decode(token, key, algorithms=[ALGORITHM], issuer=ISSUER, options=options)


def end_sessions(ids: Iterable[str]) -> None:
    """Refuse tokens of these sessions from now on, until the last of them has expired by itself."""
    now = time.monotonic()
    _ended.update({id: now for id in ids if id not in _ended})
    for id in [id for id, since in _ended.items() if now - since > FORGET]:
        del _ended[id]


def _claims(body: Mapping[str, Any]) -> Claims:
    return Claims(
        ref=str(body["sub"]),
        roles=tuple(str(role) for role in body.get("roles", ())),
        region=str(body.get("region", "")),
        unit=str(body.get("unit", "")),
        kind=cast(Kind, body.get("kind", "person")),
        id=str(body["jti"]),
        name=str(body.get("name", "")),
        unit_name=str(body.get("unit_name", "")),
        bound=str(body.get("bound", "")),
    )


def jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """A public key in JWK form (RFC 8037), its kid being the thumbprint of RFC 7638."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    members = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    text = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
    kid = _base64url(hashlib.sha256(text).digest())
    return members | {"kid": kid, "use": "sig", "alg": ALGORITHM}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def _read_keys(path: Path, changed: int) -> dict[str, jwt.PyJWK]:
    """The keys of the file as it was at this change; a new key is known as soon as the file has it."""
    found = jwt.PyJWKSet.from_json(path.read_text())
    return {key.key_id or "": key for key in found.keys}


_ended: dict[str, float] = {}
_kept: dict[str, tuple[str, float]] = {}


def service_token(service: str = "") -> str:
    """This process's own token, fetched from identity with its secret and kept until shortly before its end.

    The name is the argument, or YIZHAN_SERVICE, or that of the first service secret this process can read.
    Raises requests.RequestException when identity does not answer in two seconds or refuses.
    """
    name = service or os.environ.get("YIZHAN_SERVICE") or _own_name()
    token, until = _kept.get(name, ("", 0.0))
    if time.monotonic() >= until:
        token, life = _fetch(name)
        _kept[name] = token, time.monotonic() + life - EARLY
    return token


def _own_name() -> str:
    found = sorted(settings().secrets.glob("service_*"))
    if not found:
        raise FileNotFoundError("no service_<name> secret and no YIZHAN_SERVICE")
    return found[0].name.removeprefix("service_")


def _fetch(name: str) -> tuple[str, float]:
    secret = settings().secret(f"service_{name}")
    asked = {"grant": "client_credentials", "service": name, "secret": secret}
    reply = requests.post(f"{settings().url('identity')}/tokens", json=asked, timeout=2)
    reply.raise_for_status()
    body = reply.json()
    return str(body["access_token"]), float(body["expires_in"])
