"""The secrets of one copy of the suite: made once, each its own, in a folder that only its owner can read."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FIRST_ADMIN = "admin"
SERVERS = ("broker_password", "broker_cookie", "mongo_password", "mongo_keyfile")
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0/o, 1/l/i: this password is typed from a screen


def ensure(folder: Path, services: Iterable[str] = (), departments: Iterable[str] = ()) -> Path:
    """Creates what is missing, keeps what is there, and closes the folder to everybody else."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _keep(folder / "identity_key.pem", _identity_key)
    _keep(folder / "jwks.json", lambda: _public_keys(folder / "identity_key.pem"))
    _keep(folder / "vault_key", _key)
    _keep(folder / "index_key", _key)
    _keep(folder / "factor_key", _key)
    _keep(folder / "first_admin", _password)
    tokens = (*SERVERS, *(f"service_{name}" for name in services), *(f"dept_{name}" for name in departments))
    for name in tokens:
        _keep(folder / name, secrets.token_hex)
    return folder


def read(folder: Path, name: str) -> str:
    """One secret as text, without the line end."""
    return (folder / name).read_text().strip()


def exposed(folder: Path) -> list[str]:
    """Names of secrets that others on this machine could read; empty is good."""
    names = [path.name for path in folder.iterdir() if path.stat().st_mode & 0o077]
    return [*(["."] if folder.stat().st_mode & 0o077 else []), *sorted(names)]


def _keep(file: Path, make: Callable[[], str]) -> None:
    """Writes the file unless it exists; a crash in between leaves no half-written secret."""
    if file.exists():
        return
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(make() + "\n")
    draft.rename(file)


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    return "-".join("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(4))


def _identity_key() -> str:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode().strip()


def _public_keys(private: Path) -> str:
    """The public half in JWKS form (RFC 7517, 8037), its kid being the thumbprint of RFC 7638."""
    key = serialization.load_pem_private_key(private.read_bytes(), password=None)
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    thumbprint = hashlib.sha256(json.dumps(jwk, separators=(",", ":"), sort_keys=True).encode()).digest()
    return json.dumps({"keys": [jwk | {"kid": _base64url(thumbprint), "use": "sig", "alg": "EdDSA"}]})


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
