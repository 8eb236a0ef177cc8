"""The second factor: enrolled with an authenticator, asked for at every sign-in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import pyotp

from services.identity.handlers.accounts import end_session, note, username_of
from services.identity.model import Account
from services.identity.model.proof import CODES, STEP, Credential, Step
from services.identity.rules import codes
from services.identity.rules import passwords as policy
from services.identity.store import Stores
from shared import passwords
from shared.aggregate import Held
from shared.decision import Cause
from shared.errors import Illegal, Refused

ISSUER = "一站"
FIELD = "totp"


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """A new secret to be typed or photographed into an authenticator, and the ticket to confirm it with."""

    ticket: str
    secret: str
    address: str


def offer(stores: Stores, id: str, password: str, cause: Cause) -> Enrolment:
    """A secret for an authenticator; it counts when a first code of it is shown. Needs the password again."""
    kept = check_password(stores, id, password, cause)
    if kept.totp:
        raise Illegal("已有第二重验证，请先停用再重新登记", state="enrolled", allowed=["remove"])
    secret, ticket = pyotp.random_base32(), secrets.token_urlsafe(24)
    sealed = stores.sealer().seal(secret, owner=id, field=FIELD)
    step = Step(account=id, purpose="totp", until=stores.desk() + STEP, more={"totp": sealed})
    stores.steps.put(ticket, step)
    address = codes.address(secret, username_of(stores, id), ISSUER)
    return Enrolment(ticket=ticket, secret=secret, address=address)


def confirm(stores: Stores, id: str, ticket: str, code: str, cause: Cause) -> list[str]:
    """The sheet of recovery codes, shown once. Raises Refused when the code is wrong or came too late."""
    step = stores.steps.find(ticket)
    if step is None or step.purpose != "totp" or step.account != id or stores.desk() >= step.until:
        raise Refused("登记已超时，请重新开始", code="second_step_over")
    sealed = step.more["totp"]
    secret = stores.sealer().open(sealed, owner=id, field=FIELD)
    used = codes.step_of(secret, code, stores.desk(), after=0)
    if used is None:
        stores.steps.miss(ticket)
        raise Refused(
            "验证码不正确", code="code_wrong", fields={"code": ["不正确，请看手机上现在的六位数字"]}
        )
    stores.steps.take(ticket)
    sheet = [_recovery() for _ in range(CODES)]
    stores.credentials.set_factor(id, sealed, tuple(codes.mark(each) for each in sheet), used)
    note(stores, cause, "factor_enrolled", id)
    return sheet


def _recovery() -> str:
    letters = "".join(secrets.choice(passwords.READABLE) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def remove(stores: Stores, id: str, password: str, code: str, cause: Cause) -> None:
    """One's own second factor is over; it takes the password and a code, so that no stolen session can."""
    kept = check_password(stores, id, password, cause)
    if not kept.totp or not code_right(stores, stores.accounts.load(id), kept, code):
        raise Refused("验证码不正确", code="code_wrong", fields={"code": ["不正确"]})
    stores.credentials.set_factor(id, b"", (), 0)
    note(stores, cause, "factor_removed", id)


def reset(stores: Stores, id: str, cause: Cause) -> None:
    """Somebody lost telephone and sheet: an administrator takes the second factor away; it is on record."""
    stores.accounts.load(id)
    stores.credentials.set_factor(id, b"", (), 0)
    end_session(stores, id, "factor_reset")
    note(stores, cause, "factor_reset", id)


def code_right(stores: Stores, held: Held[Account], kept: Credential, code: str) -> str:
    """Which code it was, `totp` or `recovery`, if it is right and was never used; else nothing."""
    if not kept.totp:
        return ""
    secret = stores.sealer().open(kept.totp, owner=held.id, field=FIELD)
    step = codes.step_of(secret, code, stores.desk(), after=kept.totp_step)
    if step is not None:
        return "totp" if stores.credentials.use_step(held.id, step) else ""
    return "recovery" if stores.credentials.use_recovery(held.id, codes.mark(code)) else ""


def check_password(stores: Stores, id: str, password: str, cause: Cause) -> Credential:
    """The credential. Raises Refused for a wrong password, which counts like one at the door."""
    kept = stores.credentials.find(id)
    if kept is None or not passwords.matches(kept.password, policy.normal(password)):
        note(stores, cause, "password_check", id, result="refused")
        raise Refused("密码不正确", code="wrong_password", fields={"password": ["不正确"]})
    return kept
