"""What is done with files after they came: the scanner looks, parts are covered, small ones are shown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.intake.handlers import files, vault
from services.intake.handlers.scanning import NoVerdict, Scanner, Verdict
from services.intake.model.file import Box, File
from services.intake.rules import covering, pictures
from services.intake.rules.files import Upload
from services.intake.store import Stores
from shared.aggregate import Held
from shared.decision import Actor, Cause
from shared.errors import NotFound, Unavailable

log = logging.getLogger(__name__)
SCANNER = Actor(ref="scanner", role="system")


def scan(all: Stores, scanner: Scanner, now: datetime) -> int:
    """Ask the scanner about files that wait; how many have their answer. One without waits on."""
    done = 0
    for held in all.files.having(scan="pending"):
        done += _scan(all, held, scanner, now)
    return done


def _scan(all: Stores, held: Held[File], scanner: Scanner, now: datetime) -> bool:
    file, cause = held.state, Cause(at=now, actor=SCANNER)
    try:
        data = files.bytes_of(all, file, SCANNER, now)
        verdict = scanner(data)
    except (NoVerdict, Unavailable) as error:
        log.warning("a file could not be scanned", extra={"file_id": file.file_id, "why": str(error)})
        return False
    small = files.small(all, data, file.media_type, now) if verdict == "clean" else ""
    all.files.change(held.id, cause, lambda state: covering.scanned(state, verdict, small))
    files.record(all, SCANNER, "file.scan", file, now, verdict)
    return True


def cover(all: Stores, file: File, boxes: Sequence[Box], cause: Cause, roles: Sequence[str]) -> Held[File]:
    """Make a copy of a picture with boxes burned in; from then on it stands for the original."""
    registration = vault.readable(all, file.reg_id, cause.actor, roles).state
    covering.check(file, boxes)
    covering.check_original(file, cause.actor, roles)
    data = pictures.covered(files.bytes_of(all, file, cause.actor, cause.at), boxes, file.media_type)
    name = all.sealer.open(file.name, owner=file.file_id, field="name")
    upload = Upload(data=data, media_type=file.media_type, name=f"遮盖_{name}"[:120])
    why = replace(cause, key="", expected=None)
    scanner = None if file.scan == "off" else _passes
    copy = files.kept(all, registration, upload, why, scanner, copy_of=file.file_id)
    all.files.change(file.file_id, cause, lambda state: covering.covered(state, copy.state, len(boxes)))
    files.record(all, cause.actor, "file.cover", file, cause.at)
    return copy


def _passes(data: bytes) -> Verdict:
    return "clean"


def thumbnail(all: Stores, file: File, actor: Actor, at: datetime, roles: Sequence[str]) -> bytes:
    """The small picture of a file. Raises NotFound when it has none, and what `content` raises."""
    covering.check_original(file, actor, roles)
    covering.check_clean(file)
    if not file.thumbnail:
        raise NotFound("这个文件没有缩略图", code="no_thumbnail")
    return files.bytes_of(all, replace(file, sha256=file.thumbnail), actor, at)
