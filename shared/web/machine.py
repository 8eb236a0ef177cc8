"""From which machine a request comes: its certificate, or the secret that only this browser or program holds.

A token may be bound to either. Whoever gets hold of such a token alone, from a log or a copied header, can do
nothing with it.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import Response, g, request

from shared.errors import Unauthorised
from shared.web.asker import CERTIFICATE

COOKIE = "yz_device"
HEADER = "X-Device-Key"
LIFE = 400 * 86_400  # seconds: browsers keep no cookie longer


def certificate() -> str:
    """The fingerprint of the machine's certificate that the front door has checked, or nothing."""
    return _fingerprint(request.environ.get(CERTIFICATE, ""))


@lru_cache(1024)
def _fingerprint(shown: str) -> str:
    if not shown:
        return ""
    try:
        found = x509.load_pem_x509_certificate(unquote(shown).encode())
    except ValueError:
        return ""
    return found.fingerprint(hashes.SHA256()).hex()


def held() -> str:
    """The hash of the secret that comes with this request, or nothing."""
    return _hash(request.headers.get(HEADER, "") or request.cookies.get(COOKIE, ""))


def given_to_browser() -> str:
    """The hash of this browser's secret; one is made if it has none, and goes out with the reply."""
    kept = request.cookies.get(COOKIE, "")
    g.new_secret = "" if len(kept) >= 32 else secrets.token_urlsafe(32)
    return _hash(g.new_secret or kept)


def with_secret(reply: Response) -> Response:
    """The reply, with the browser's secret if it is new: no script reads it, no other site sends it."""
    if g.get("new_secret"):
        reply.set_cookie(
            COOKIE, g.new_secret, max_age=LIFE, path="/", httponly=True, samesite="Strict",
            secure=request.is_secure,
        )  # fmt: skip
    return reply


def check(bound: str) -> None:
    """Raises Unauthorised when a token is bound to a machine, and this is another one."""
    kind, _, wanted = bound.partition(":")
    if kind and not secrets.compare_digest(wanted, certificate() if kind == "cert" else held()):
        raise Unauthorised("登录凭证只能在原来的机器上使用，请重新登录", code="token_elsewhere")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""
