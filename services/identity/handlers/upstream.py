"""Single sign-on 统一身份认证: the county's provider (OpenID Connect) says who somebody is, we what they may.

Authorization code with PKCE, a state that belongs to one browser, and a nonce in the signed ID token. An
account must exist here already: the provider opens none, and its word about posts is not asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from services.identity import rules
from services.identity.handlers import access
from services.identity.handlers.access import SignedIn
from services.identity.handlers.accounts import account_id, note, person
from services.identity.model import Account
from services.identity.model.proof import Proofs, Step, Where
from services.identity.store import Stores
from shared.aggregate import Held
from shared.decision import Cause
from shared.errors import NotFound, Unauthorised, Unavailable
from shared.settings import settings

WAIT = 5.0  # seconds for the provider
LIFE = timedelta(minutes=10)  # for the person at the provider's page
LEEWAY = 60  # seconds that the provider's clock may differ from ours
SIGNED = ("RS256", "PS256", "ES256", "EdDSA")
STRONG = {"mfa", "otp", "hwk", "swk", "sc"}  # RFC 8176: the provider asked for more than a password
REFUSED = "统一身份认证没有通过，或没有对应的账户"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """The county's provider, and who we are to it."""

    issuer: str
    client: str
    secret: str
    claim: str
    redirect: str


@dataclass(frozen=True, kw_only=True)
class Back:
    """Somebody came back from the provider: their session, and where they wanted to go."""

    signed: SignedIn
    wanted: str


def provider() -> Provider:
    """The configured provider. Raises NotFound where the county has none."""
    found = settings()
    if not found.oidc_issuer:
        raise NotFound("本县没有接入统一身份认证", code="no_provider")
    return Provider(
        issuer=found.oidc_issuer.rstrip("/"),
        client=found.oidc_client,
        secret=found.secret("oidc_secret"),
        claim=found.oidc_claim,
        redirect=f"{found.origins[0]}/identity/upstream/back",
    )


def begin(stores: Stores, known: Provider, wanted: str, browser: str) -> tuple[str, str]:
    """Where to send the browser, and the state it comes back with."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    more = {"nonce": nonce, "verifier": verifier, "wanted": wanted, "browser": browser}
    step = Step(account="", purpose="oidc", until=stores.desk() + LIFE, more=more)
    stores.steps.put(state, step)
    address, _ = _client(known).create_authorization_url(
        _discovered(known)["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
    )
    return str(address), state


def finish(
    stores: Stores, known: Provider, *, state: str, code: str, browser: str, where: Where, cause: Cause
) -> Back:
    """The session of whom the provider vouches for.

    Raises Unauthorised for a state that is not this browser's, a used or forged answer, and a person
    without account; Unavailable when the provider does not answer.
    """
    step = stores.steps.take(state)
    mine = step is not None and step.purpose == "oidc" and stores.desk() < step.until
    if step is None or not mine or not secrets.compare_digest(step.more["browser"], browser):
        raise Unauthorised(REFUSED, code="upstream_refused")
    claims = _claims(known, code, step.more["verifier"], step.more["nonce"])
    held = _account(stores, known, claims, cause)
    kept = stores.credentials.find(held.id) if held else None
    if held is None or kept is None or not rules.may_sign_in(held.state, cause.at):
        note(stores, Cause(at=cause.at, actor=person(access.UNKNOWN)), "upstream", access.UNKNOWN, "refused")
        raise Unauthorised(REFUSED, code="upstream_refused")
    strong = bool(STRONG & {str(way) for way in claims.get("amr") or ()})
    names = ("oidc", "mfa") if strong else ("oidc",)
    proofs = Proofs(password=True, factor=strong, names=names)
    signed = access.go_on(stores, held, kept, proofs, where, cause)
    return Back(signed=signed, wanted=step.more["wanted"])


def _account(
    stores: Stores, known: Provider, claims: Mapping[str, Any], cause: Cause
) -> Held[Account] | None:
    """The account tied to this person; at the first time, the one with the user name the provider says."""
    subject = f"{known.issuer}|{claims['sub']}"
    tied = stores.accounts.of_subject(subject)
    if tied is not None:
        return tied
    id = account_id(str(claims.get(known.claim) or ""))
    found = stores.accounts.find(id)
    if found is None or not found.state.active or found.state.external:
        return None
    return stores.accounts.change(
        id, Cause(at=cause.at, actor=person(id)), lambda account: rules.link(account, id, subject)
    )


def _client(known: Provider) -> OAuth2Session:
    return OAuth2Session(
        known.client,
        known.secret,
        scope="openid profile",
        redirect_uri=known.redirect,
        code_challenge_method="S256",
        default_timeout=WAIT,
    )


def _claims(known: Provider, code: str, verifier: str, nonce: str) -> dict[str, Any]:
    found = _discovered(known)
    try:
        told = _client(known).fetch_token(
            found["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
        )
        claims = _checked(known, str(told["id_token"]), _asked(found["jwks_uri"]))
    except requests.RequestException as error:
        raise Unavailable("统一身份认证暂时没有响应", code="provider_down") from error
    except (AuthlibBaseError, jwt.InvalidTokenError, KeyError, ValueError) as error:
        raise Unauthorised(REFUSED, code="upstream_refused") from error
    if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
        raise Unauthorised(REFUSED, code="upstream_refused")
    return claims


def _checked(known: Provider, token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    found = jwt.PyJWKSet.from_dict(dict(keys))
    kid = jwt.get_unverified_header(token).get("kid")
    key = next((key for key in found.keys if kid in (None, key.key_id)), None)
    if key is None:
        raise jwt.InvalidTokenError("signed by an unknown key")
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=list(SIGNED), audience=known.client, issuer=known.issuer, leeway=LEEWAY,
        options={"require": ["exp", "iat", "sub", "aud", "iss"]},
    )  # fmt: skip
    return claims


def _discovered(known: Provider) -> dict[str, Any]:
    try:
        found = _asked(f"{known.issuer}/.well-known/openid-configuration")
    except (requests.RequestException, ValueError) as error:
        raise Unavailable("统一身份认证暂时没有响应", code="provider_down") from error
    if str(found.get("issuer", "")).rstrip("/") != known.issuer:
        raise Unavailable("统一身份认证的地址与它自己说的不一致", code="provider_wrong")
    return found


def _asked(address: str) -> dict[str, Any]:
    reply = requests.get(address, timeout=WAIT)
    reply.raise_for_status()
    found: dict[str, Any] = reply.json()
    return found
