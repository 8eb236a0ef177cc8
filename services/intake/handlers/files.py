"""Files of a case: kept under their hash, attached, linked for a department, and let go when unused.

The bytes are durable before anything names them. Whoever reads them gets what was put in, or an alarm.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from services.intake.handlers import vault
from services.intake.handlers.scanning import Scanner
from services.intake.model import Holding, Registration
from services.intake.model.file import PICTURES, File
from services.intake.rules import covering, disclosing, files, pictures
from services.intake.rules.files import Upload
from services.intake.store import Stores
from shared.aggregate import Held
from shared.crypto import Tampered
from shared.decision import Actor, Cause
from shared.errors import Forbidden, NotFound, Problem, Unavailable
from shared.links import Forged, Signer, signer

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file, and whether this request attached it."""

    held: Held[File]
    new: bool


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A file with a link that a department may follow until it ends."""

    file: File
    address: str
    valid_until: datetime


def attach(
    all: Stores,
    reg_id: str,
    upload: Upload,
    cause: Cause,
    roles: Sequence[str],
    scanner: Scanner | None = None,
) -> Attached:
    """Keep a file and attach it to a registration that the caller may read; once for the same content.

    With a scanner it waits until that has looked at it.

    Raises Refused, UnsupportedType, and what `vault.readable` raises.
    """
    registration = vault.readable(all, reg_id, cause.actor, roles).state
    real = files.checked(upload)
    known = all.files.find(files.file_id(reg_id, real.digest)) is not None
    held = kept(all, registration, real, cause, scanner)
    record(all, cause.actor, "file.attach", held.state, cause.at)
    return Attached(held=held, new=not known)


def kept(
    all: Stores,
    registration: Registration,
    upload: Upload,
    cause: Cause,
    scanner: Scanner | None,
    copy_of: str = "",
) -> Held[File]:
    """The file with its bytes kept first."""
    _put(all, upload.data, cause.at)
    waits = scanner is not None and not copy_of  # a covered copy is made here, out of what was clean
    made = files.attach(
        upload,
        registration,
        all.sealer,
        actor=cause.actor,
        now=cause.at,
        scan="pending" if waits else "clean" if scanner else "off",
        thumbnail="" if waits else small(all, upload.data, upload.media_type, cause.at),
        copy_of=copy_of,
    )
    id = files.file_id(registration.reg_id, upload.digest)
    return all.files.open(id, cause, lambda state: None if state else made)


def _put(all: Stores, data: bytes, at: datetime) -> str:
    """Keep bytes sealed under their hash, which is returned."""
    digest = sha256(data).hexdigest()
    all.blobs.put(digest, all.sealer.seal_bytes(data, owner=digest, field="blob"), at)
    return digest


def small(all: Stores, data: bytes, media_type: str, at: datetime) -> str:
    """Keep a small picture, if it is one that can be read; its hash or nothing."""
    small = pictures.small(data) if media_type in PICTURES else None
    return _put(all, small, at) if small else ""


def of_registration(all: Stores, reg_id: str, actor: Actor, roles: Sequence[str]) -> list[Held[File]]:
    """The files of a registration that the caller may read."""
    vault.readable(all, reg_id, actor, roles)
    return all.files.having(reg_id=reg_id)


def content(all: Stores, file: File, actor: Actor, at: datetime) -> bytes:
    """The bytes of a file, checked; that they were read is kept.

    Raises Unavailable when they are not there now, are not what they were, or wait for the scanner, and
    Illegal when that found something.
    """
    covering.check_clean(file)
    data = bytes_of(all, file, actor, at)
    record(all, actor, "file.read", file, at)
    return data


def bytes_of(all: Stores, file: File, actor: Actor, at: datetime) -> bytes:
    """The bytes, checked against their hash; Unavailable when they are not there or not what they were."""
    kept = all.blobs.get(file.sha256)
    if kept is None:
        log.warning("a file is missing", extra={"file_id": file.file_id})
        raise Unavailable("文件暂时取不到，请稍后再试", code="file_missing")
    try:
        data = all.sealer.open_bytes(kept, owner=file.sha256, field="blob")
    except Tampered:
        data = b""
    if sha256(data).hexdigest() != file.sha256:
        log.error("a file is damaged", extra={"file_id": file.file_id})
        record(all, actor, "file.read", file, at, "file_damaged")
        raise Unavailable("文件已损坏，请联系管理员", code="file_damaged")
    return data


def signing() -> Signer:
    """What signs the links to files."""
    return signer("intake", "file")


def on_behalf(all: Stores, delivery_id: str, cause: Cause) -> Cause:
    """Routing asks for a unit that works by hand at a desk: as if the unit itself had asked."""
    found = all.holdings.find(delivery_id)
    return replace(cause, actor=replace(cause.actor, unit=found.state.unit if found else ""))


def linked(all: Stores, delivery_id: str, cause: Cause) -> list[Linked]:
    """The files of the case of a handing over, each with a fresh link for that department, for seven days.

    Raises NotFound when the handing over is another's, Forbidden when it is over; both are written down.
    """
    found = all.holdings.find(delivery_id)
    try:
        holding = files.own(found.state if found else None, cause.actor.unit)
        _check_own(all, holding.case_id, holding.unit)
    except Problem as refused:
        what = f"delivery/{delivery_id}"
        all.audit.append(cause.actor, "file.list", what, at=cause.at, result=refused.code)
        raise
    theirs = [held.state for held in all.files.having(case_id=holding.case_id)]
    return [_linked(file, holding, cause.at) for file in theirs if not file.covered_by]


def _check_own(all: Stores, case_id: str, unit: str) -> None:
    """Raises NotFound for the unit complained about: it must not even learn that there is a file."""
    found = all.registrations.by_case(case_id)
    disclosing.check_own(found.state if found else None, unit)


def _check_open(all: Stores, unit: str) -> None:
    """Raises Forbidden while the unit's connection rests, and when it is over."""
    partner = all.partners.find(unit)
    if partner is not None and partner.state.shut:
        raise Forbidden("贵单位的接入已暂停或已断开，请与中心联系", code="department_suspended")


def _linked(file: File, holding: Holding, now: datetime) -> Linked:
    until = now + files.LINK
    token = signing().sign(files.claims(file, holding), until)
    return Linked(file=file, address=f"/intake/files/{file.sha256}?link={token}", valid_until=until)


def by_link(all: Stores, digest: str, token: str, caller_unit: str, now: datetime) -> tuple[File, bytes]:
    """What a link leads to. `caller_unit` is of whoever is signed in, if anybody.

    Raises NotFound and Forbidden; what was refused to a known department is written down.
    """
    try:
        claims, until = signing().read(token)
    except Forged as error:
        raise NotFound("没有找到这个文件", code="file_not_found") from error
    held, unit = all.files.find(str(claims.get("sub", ""))), str(claims.get("unit", ""))
    if held is None or held.state.sha256 != digest:
        raise NotFound("没有找到这个文件", code="file_not_found")
    who = Actor(ref=f"dept_{caller_unit or unit}", role="department", unit=caller_unit or unit)
    found = all.holdings.find(str(claims.get("delivery", "")))
    try:
        if caller_unit not in ("", unit):
            raise Forbidden("这个链接不是给贵单位的", code="other_unit")
        _check_open(all, unit)
        files.check_link(claims, until, held.state, found.state if found else None, now)
        _check_own(all, held.state.case_id, unit)
        covering.check_original(held.state, who, ())
    except Problem as refused:
        record(all, who, "file.read", held.state, now, refused.code)
        raise
    return held.state, content(all, held.state, who, now)


def collect(all: Stores, now: datetime) -> int:
    """Let go of bytes that no file has named for thirty days; how many."""
    unused = [name for name in all.blobs.older(now - files.UNUSED) if not _named(all, name)]
    for name in unused:
        all.blobs.drop(name)
    return len(unused)


def _named(all: Stores, name: str) -> bool:
    return bool(all.files.having(sha256=name) or all.files.having(thumbnail=name))


def record(all: Stores, actor: Actor, action: str, file: File, at: datetime, result: str = "ok") -> None:
    """Keep who did what with a file."""
    all.audit.append(actor, action, f"file/{file.file_id}", at=at, purpose="handling", result=result)
