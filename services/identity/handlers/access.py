"""Signing in and out: who gets a token for which session, and which tokens end before their time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from services.identity import rules
from services.identity.handlers import factors
from services.identity.handlers import keys as keys_of
from services.identity.handlers.accounts import account_id, note, person
from services.identity.handlers.units import unit_id
from services.identity.model import ACCESS, ADMINS, Account
from services.identity.model.proof import STEP, Credential, Device, Proofs, Session, Step, Todo, Where
from services.identity.rules import passwords as policy
from services.identity.rules import signing
from services.identity.store import Stores
from shared import ids, passwords, tokens
from shared.aggregate import Held
from shared.decision import Cause
from shared.errors import Forbidden, Unauthorised
from shared.settings import settings
from shared.tokens import Claims

REFUSED = "用户名或密码不正确，或账户暂时不能登录；连续输错五次，账户停用十五分钟"
UNREGISTERED = "这台机器没有登记给您的账户，请用已登记的机器，或申请登记后由安全管理员批准"
ENDED = "登录已失效，请重新登录"
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The claims of a session, how long its next token holds, and what must be done before it has posts."""

    claims: Claims
    life: timedelta = ACCESS
    todo: Todo = ""


class MoreNeeded(Unauthorised):
    """401: the password is right and not enough; says with what to go on, and under which ticket."""

    def __init__(self, ticket: str, methods: tuple[str, ...], options: Mapping[str, object] | None) -> None:
        super().__init__(
            "请完成第二重验证", code="second_factor_required", ticket=ticket, methods=list(methods)
        )
        if options:
            self.details["options"] = options


def sign_in(stores: Stores, username: str, password: str, where: Where, cause: Cause) -> SignedIn:
    """The session of the person, whose earlier one ends.

    Raises Unauthorised without saying what was wrong: the name, the password, or the account. Raises
    MoreNeeded when the password alone is not enough.
    """
    id = account_id(username)
    held, kept = stores.accounts.find(id), stores.credentials.find(id)
    right = passwords.matches(kept.password if kept else "", policy.normal(password))
    if held is None or kept is None or not right or not rules.may_sign_in(held.state, cause.at):
        _refuse(stores, id, held, cause, wrong=not right)
        raise Unauthorised(REFUSED, code="login_refused")
    return go_on(stores, held, kept, Proofs(password=True, names=("password",)), where, cause)


def go_on(
    stores: Stores, held: Held[Account], kept: Credential, proofs: Proofs, where: Where, cause: Cause
) -> SignedIn:
    """A session if all is proved that this account must prove; raises MoreNeeded, or Forbidden."""
    machines = [device.state for device in stores.devices.of(held.id)]
    proofs = _certified(proofs, machines, where)
    methods = signing.wanting(held.state, kept, machines, proofs, stores.policy)
    if "unregistered" in methods:
        _turn_away(stores, held, cause)
    if methods:
        raise _more(stores, held, methods, proofs, machines, where)
    return _admit(stores, held, kept, machines, proofs, where, cause)


def _certified(proofs: Proofs, machines: list[Device], where: Where) -> Proofs:
    """The client certificate that the front door checked proves the machine."""
    known = {device.key_id for device in signing.bound_machines(machines) if device.kind == "certificate"}
    if not where.certificate or where.certificate not in known or "certificate" in proofs.names:
        return proofs
    return replace(proofs, device=True, names=(*proofs.names, "certificate"))


def _turn_away(stores: Stores, held: Held[Account], cause: Cause) -> None:
    own = Cause(at=cause.at, actor=person(held.id))
    stores.accounts.change(held.id, own, lambda account: rules.turn_away(account, held.id, "unregistered"))
    note(stores, own, "sign_in", held.id, result="unregistered_device")
    raise Forbidden(UNREGISTERED, code="device_unregistered")


def _more(
    stores: Stores, held: Held[Account], methods: tuple[str, ...], proofs: Proofs, machines: list[Device],
    where: Where,
) -> MoreNeeded:  # fmt: skip
    ticket = secrets.token_urlsafe(24)
    challenge = secrets.token_bytes(32)
    step = Step(
        account=held.id,
        purpose="sign_in",
        until=stores.desk() + STEP,
        challenge=challenge,
        more={"names": list(proofs.names), "device": proofs.device},
    )
    stores.steps.put(ticket, step)
    keys = [device.key_id for device in signing.bound_machines(machines) if device.kind == "webauthn"]
    options = keys_of.question(challenge, keys, where.origin) if "webauthn" in methods else None
    return MoreNeeded(ticket, methods, options)


def second_step(
    stores: Stores, ticket: str, *, code: str, assertion: Mapping[str, object] | None, where: Where,
    cause: Cause,
) -> SignedIn:  # fmt: skip
    """The session, after the second step. Raises Unauthorised when it is wrong, too late or repeated."""
    step, held, kept = _waiting(stores, ticket, cause)
    if assertion is not None:
        stores.steps.take(ticket)  # a challenge is answered once, rightly or wrongly
        right = keys_of.signed(stores, held.id, step.challenge, assertion, where.origin)
        name = "webauthn" if right else ""
    else:
        name = factors.code_right(stores, held, kept, code)
    if not name:
        _refuse(stores, held.id, held, cause, wrong=True)
        if stores.steps.miss(ticket) >= stores.policy.lockout.failures:
            stores.steps.take(ticket)
        raise Unauthorised("验证码或机器验证不正确，请重试", code="second_factor_wrong")
    stores.steps.take(ticket)
    names = (*step.more["names"], name)
    device = step.more["device"] or name == "webauthn"
    proofs = Proofs(password=True, factor=True, device=device, names=names)
    return go_on(stores, held, kept, proofs, where, cause)


def _waiting(stores: Stores, ticket: str, cause: Cause) -> tuple[Step, Held[Account], Credential]:
    step = stores.steps.find(ticket)
    if step is None or step.purpose != "sign_in" or stores.desk() >= step.until:
        raise Unauthorised("验证已超时，请重新输入用户名和密码", code="second_step_over")
    held, kept = stores.accounts.find(step.account), stores.credentials.find(step.account)
    if held is None or kept is None or not rules.may_sign_in(held.state, cause.at):
        raise Unauthorised(REFUSED, code="login_refused")
    return step, held, kept


def _admit(
    stores: Stores, held: Held[Account], kept: Credential, machines: list[Device], proofs: Proofs,
    where: Where, cause: Cause,
) -> SignedIn:  # fmt: skip
    now, own = stores.desk(), Cause(at=cause.at, actor=person(held.id))
    session = Session(
        id=ids.new(), account=held.id, started_at=now, seen_at=now,
        until=now + stores.policy.sessions.absolute, machine=where.machine[:120], address=where.address,
        proofs=proofs.names,
    )  # fmt: skip
    ended = stores.credentials.admit(held.id, session.id)
    if ended:
        tokens.end_sessions([ended])
        stores.sessions.finish(ended, now, "replaced")
        note(stores, own, "session_replaced", held.id)
    stores.sessions.begin(session)
    note(stores, own, "sign_in", held.id)
    return _signed_in(stores, held, kept, machines, session, where, cause)


def _refuse(stores: Stores, id: str, held: Held[Account] | None, cause: Cause, *, wrong: bool) -> None:
    own = Cause(at=cause.at, actor=person(id))
    note(stores, own, "sign_in", id if held else UNKNOWN, result="refused")
    if not wrong or held is None or not rules.may_sign_in(held.state, cause.at):
        return
    if policy.too_many(stores.credentials.failed(id), stores.policy.lockout):
        until = cause.at + policy.rest(stores.credentials.rested(id), stores.policy.lockout)
        stores.accounts.change(id, own, lambda account: rules.lock(account, id, until, cause.at))
        note(stores, own, "login_locked", id)


def renew(stores: Stores, claims: Claims, where: Where, cause: Cause) -> SignedIn:
    """Fresh claims for a session that goes on, with the posts the account has now.

    Raises Unauthorised when it ended, when nobody worked in it for long, or when it lasted long enough.
    """
    held, kept = stores.accounts.find(claims.ref), stores.credentials.find(claims.ref)
    session = stores.sessions.find(claims.id)
    good = held is not None and kept is not None and kept.session == claims.id
    if not good or held is None or kept is None or session is None or not held.state.active:
        raise Unauthorised(ENDED, code="session_ended")
    now = stores.desk()
    if why := signing.over(session, now, stores.policy.sessions):
        finish(stores, claims.ref, claims.id, cause, why)
        raise Unauthorised(ENDED, code="session_ended")
    stores.sessions.seen(session.id, now)
    machines = [device.state for device in stores.devices.of(held.id)]
    again = _signed_in(stores, held, kept, machines, session, where, cause)
    return replace(again, claims=replace(again.claims, bound=claims.bound))


def _signed_in(
    stores: Stores, held: Held[Account], kept: Credential, machines: list[Device], session: Session,
    where: Where, cause: Cause,
) -> SignedIn:  # fmt: skip
    """Whoever must set something up first may do nothing else: a token without posts."""
    account, now = held.state, stores.desk()
    todo = signing.todo(account, kept, machines, session, now, stores.policy)
    lent = [] if set(account.roles) & ADMINS else stores.accounts.stood_in_by(held.id)
    unit = stores.units.find(unit_id(account.unit))
    claims = Claims(
        ref=held.id,
        roles=() if todo else rules.acting_roles(account, [h.state for h in lent], cause.at),
        region=account.region,
        unit=account.unit,
        id=session.id,
        name=account.name,
        unit_name=unit.state.name if unit else "",
        bound=f"cert:{where.certificate}" if where.certificate else where.held and f"held:{where.held}",
    )
    return SignedIn(claims=claims, life=signing.life(session, now, stores.policy.sessions, ACCESS), todo=todo)


def finish(stores: Stores, account: str, session: str, cause: Cause, why: str) -> bool:
    """End one session, if it goes on; tokens of it are refused from now on."""
    kept = stores.credentials.find(account)
    if kept is None or kept.session != session:
        return False
    stores.credentials.end(account)
    tokens.end_sessions([session])
    stores.sessions.finish(session, stores.desk(), why)
    note(stores, cause, f"session_{why}", account)
    return True


def sign_out(stores: Stores, claims: Claims, cause: Cause) -> None:
    """The session ends; tokens of it are refused from now on."""
    kept = stores.credentials.find(claims.ref)
    if kept is not None and kept.session == claims.id:
        stores.credentials.end(claims.ref)
        tokens.end_sessions([claims.id])
        stores.sessions.finish(claims.id, stores.desk(), "signed_out")
        note(stores, Cause(at=cause.at, actor=person(claims.ref)), "sign_out", claims.ref)


def token(claims: Claims, life: timedelta = ACCESS) -> str:
    """The signed token of these claims."""
    return tokens.issue(settings().secret("identity_key.pem"), claims, life)
