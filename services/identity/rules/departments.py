"""Which passwords of a department's system hold: followed from its connection, which routing decides.

A password has 256 bits of chance, so the hash of it that is kept tells nobody anything. A department of the
county's file begins with the password of the deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import singledispatch
from hmac import compare_digest

from services.identity.model.departments import DepartmentAccess, Key
from shared.contracts.base import Event
from shared.contracts.department import (
    DepartmentAccessChanged,
    DepartmentOffboarded,
    DepartmentOnboardingRequested,
    DepartmentResumed,
    DepartmentSuspended,
)
from shared.decision import Decision

Verifier = Callable[[str, str], str]


def declared(department: str, region: str) -> DepartmentAccess:
    """A department of which nothing was told: what the deployment gave it holds."""
    return DepartmentAccess(
        department=department, region=region, open=True, keys=(Key(generation=1, deployed=True),)
    )


def follow(
    access: DepartmentAccess | None, told: Event | None, department: str, region: str, session: str
) -> Decision[DepartmentAccess] | None:
    """The access after one event about the department; None when it changes nothing.

    `session` is a new one, for when the tokens that were given end at once.
    """
    before = access or replace(declared(department, region), session=session)
    after = heard(told, before)
    if access and before.open and not after.open:
        after = replace(after, ended=before.session, session=session)
    return None if after == access else Decision(state=after)


@singledispatch
def heard(told: Event | None, access: DepartmentAccess) -> DepartmentAccess:
    """What an event changes; most change nothing."""
    return access


@heard.register
def requested(told: DepartmentOnboardingRequested, access: DepartmentAccess) -> DepartmentAccess:
    """It begins anew, with a password that is yet to be claimed; what it had before holds no more."""
    if told.approved_by is None:
        return _shut(access, keys=())
    return replace(access, open=True, keys=(Key(generation=1),))


@heard.register
def changed(told: DepartmentAccessChanged, access: DepartmentAccess) -> DepartmentAccess:
    """A password was claimed, or the other user of the pair takes over."""
    if told.what == "claimed" and told.verifier:
        claimed = Key(generation=told.generation, verifier=told.verifier)
        return replace(access, keys=(*_without(access.keys, told.generation), claimed))
    if told.what == "rotated":
        ending = tuple(replace(key, ends_at=key.ends_at or told.until) for key in access.keys)
        return replace(access, keys=(*ending[-1:], Key(generation=told.generation)))
    return access


@heard.register
def suspended(told: DepartmentSuspended, access: DepartmentAccess) -> DepartmentAccess:
    """It is given nothing while it rests; the tokens it holds end at once."""
    return _shut(access)


@heard.register
def resumed(told: DepartmentResumed, access: DepartmentAccess) -> DepartmentAccess:
    """The same passwords hold again."""
    return replace(access, open=True)


@heard.register
def gone(told: DepartmentOffboarded, access: DepartmentAccess) -> DepartmentAccess:
    """Nothing of it holds any more, the deployment's password neither."""
    return _shut(access, keys=())


def proves(access: DepartmentAccess, at: datetime, secret: str, deployed: str, verifier: Verifier) -> bool:
    """Whether a secret is one of the department's passwords that hold now."""
    given = verifier(access.department, secret)
    return any(
        compare_digest(deployed.encode(), secret.encode())
        if key.deployed
        else compare_digest(key.verifier, given)
        for key in access.keys
        if (key.ends_at is None or at < key.ends_at) and (deployed if key.deployed else key.verifier)
    )


def _shut(access: DepartmentAccess, keys: tuple[Key, ...] | None = None) -> DepartmentAccess:
    kept = access.keys if keys is None else keys
    return replace(access, open=False, keys=kept)


def _without(keys: Sequence[Key], generation: int) -> tuple[Key, ...]:
    return tuple(key for key in keys if key.generation != generation)
