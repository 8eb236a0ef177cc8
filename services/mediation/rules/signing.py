"""Whose signature an agreement needs, and which kinds are good (人民调解法 art. 29; COR-19)."""

from __future__ import annotations

from services.mediation.model import Matter, Signature
from services.mediation.model.commands import Sign
from services.mediation.model.words import ON_PAPER
from services.mediation.rules.by import By
from shared.errors import Refused

OFF = "off"  # the profile's word for a court that takes no electronic signatures


def signatures_are_good(matter: Matter, ask: Sign, by: By) -> None:
    """Each by somebody of this matter, not in the future; on paper with the hash of its photograph."""
    for one in ask.signatures:
        _somebody_of_this_matter(matter, one)
        if one.signed_at > by.at:
            raise Refused("签署时间不能晚于现在", code="signed_in_the_future")
        if one.how in ON_PAPER and not one.scan_hash:
            raise Refused("纸面签名须附扫描件的校验值", code="scan_missing")
        _accepted_here(one, by)


def _somebody_of_this_matter(matter: Matter, one: Signature) -> None:
    known = {
        "party": matter.refs,
        "mediator": tuple(mediator.ref for mediator in matter.panel if mediator.may_sit),
        "organisation": (matter.organisation,),
    }
    if one.signer not in known[one.role]:
        raise Refused("签署人不属于这件调解", code="signer_unknown", signer=one.signer)


def _accepted_here(one: Signature, by: By) -> None:
    settings = by.profile.mediation
    if one.how == "electronic" and settings.e_signature == OFF:
        raise Refused("本县法院尚不认可电子签名", code="electronic_not_accepted")
    if one.how in ON_PAPER and not settings.ink_signature:
        raise Refused("本县不收纸面签名", code="paper_not_accepted")


def added(before: tuple[Signature, ...], new: tuple[Signature, ...]) -> tuple[Signature, ...]:
    """The signatures with new ones; whoever signs again replaces the own one."""
    fresh = {(one.role, one.signer) for one in new}
    return (*(one for one in before if (one.role, one.signer) not in fresh), *new)


def missing(matter: Matter) -> tuple[str, ...]:
    """Whose signature is still missing: every party, one mediator, and the seal of the organisation."""
    signed = matter.agreement.signatures if matter.agreement else ()
    parties = {one.signer for one in signed if one.role == "party"}
    roles = {one.role for one in signed}
    others = tuple(role for role in ("mediator", "organisation") if role not in roles)
    return (*(ref for ref in matter.refs if ref not in parties), *others)
