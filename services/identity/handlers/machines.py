"""Our own services sign in with a secret of their own."""

from __future__ import annotations

import secrets

from services.identity.handlers.accounts import note, person
from services.identity.store import Stores
from shared.decision import Cause
from shared.errors import Unauthorised
from shared.settings import settings
from shared.tokens import Claims

UNKNOWN = "unknown"


def sign_in(stores: Stores, service: str, secret: str, cause: Cause) -> Claims:
    """The claims of one of our own services. Raises Unauthorised for a wrong name or secret."""
    _check_secret(stores, f"service_{service}", secret, cause)
    return Claims(ref=service, roles=("service",), kind="service")


def _check_secret(stores: Stores, name: str, given: str, cause: Cause) -> None:
    try:
        kept = settings().secret(name)
    except FileNotFoundError:
        kept = ""
    if not kept or not secrets.compare_digest(kept.encode(), given.encode()):
        own = Cause(at=cause.at, actor=person(UNKNOWN))
        note(stores, own, "machine_sign_in", UNKNOWN, result="refused")
        raise Unauthorised("名称或密钥不正确", code="login_refused")
