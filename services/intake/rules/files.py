"""Files of a case: which are taken, and what a link to one lets a department do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from services.intake.model import Holding, Registration
from services.intake.model.file import KINDS, MOST_BYTES, File, Scan
from services.intake.rules import sniffing
from shared import ids
from shared.contracts.intake import FileAttached
from shared.crypto import Sealer
from shared.decision import Actor, Decision
from shared.errors import Forbidden, NotFound, Refused, UnsupportedType

LINK = timedelta(days=7)  # BUS b15
UNUSED = timedelta(days=30)
_FILMS = ("audio/mp4", "video/mp4")  # one container: what says which is not always right


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it was sent."""

    data: bytes
    media_type: str
    name: str

    @property
    def digest(self) -> str:
        """What it is addressed by."""
        return sha256(self.data).hexdigest()


def checked(upload: Upload) -> Upload:
    """The upload with the media type that its content has.

    Raises Refused for an empty file; UnsupportedType for one that is too large, that is not taken, or whose
    content is another than it says.
    """
    if not upload.data:
        raise Refused("文件是空的", code="invalid_fields", fields={"file": ["文件是空的"]})
    if len(upload.data) > MOST_BYTES:
        raise UnsupportedType(f"文件超过{MOST_BYTES // 1024 // 1024}MB", code="file_too_large")
    said, found = upload.media_type, _found(upload)
    if said in KINDS and said != found and {said, found} != set(_FILMS):
        raise UnsupportedType("文件内容与所写类型不符", code="other_content", allowed=sorted(KINDS))
    return replace(upload, media_type=found)


def _found(upload: Upload) -> str:
    try:
        return sniffing.media_type(upload.data)
    except UnsupportedType as refused:
        if refused.code == "unsupported_type" and upload.media_type in KINDS:
            refused.code, refused.message = "other_content", "文件内容与所写类型不符"
        raise


def file_id(reg_id: str, digest: str) -> str:
    """The same content for the same registration is one file."""
    return ids.derived("file", reg_id, digest)


def attach(
    upload: Upload,
    registration: Registration,
    sealer: Sealer,
    *,
    actor: Actor,
    now: datetime,
    scan: Scan = "off",
    thumbnail: str = "",
    copy_of: str = "",
) -> Decision[File]:
    """The file belongs to the registration; its bytes are kept already."""
    id = file_id(registration.reg_id, upload.digest)
    file = File(
        file_id=id,
        region=registration.region,
        protected=registration.protected,
        reg_id=registration.reg_id,
        case_id=registration.case_id,
        sha256=upload.digest,
        size=len(upload.data),
        media_type=upload.media_type,
        name=sealer.seal(upload.name[:120], owner=id, field="name"),
        added_at=now,
        added_by=actor.ref,
        added_role=actor.role,
        scan=scan,
        thumbnail=thumbnail,
        copy_of=copy_of,
    )
    told = FileAttached(file_id=id, case_id=file.case_id, sha256=file.sha256, size=file.size, kind=file.kind)
    return Decision(state=file, events=(told,), reason="file_attached")


def claims(file: File, holding: Holding) -> dict[str, str]:
    """What a link to a file says: the file, and the handing over to which it is bound."""
    return {"sub": file.file_id, "delivery": holding.delivery_id, "unit": holding.unit, "case": file.case_id}


def check_link(
    claims: Mapping[str, Any], until: datetime, file: File, holding: Holding | None, now: datetime
) -> None:
    """Raises NotFound when a link is not for this file, Forbidden when it ran out or the case moved on."""
    bound = holding is not None and holding.sent and holding.unit == claims.get("unit")
    if not bound or holding is None or not holding.case_id == file.case_id == claims.get("case"):
        raise NotFound("没有找到这个文件", code="file_not_found")
    if now >= until:
        raise Forbidden("文件链接已过期，请重新获取", code="link_expired")
    if holding.over:
        raise Forbidden("这件事项已不在贵单位办理", code="handover_over")


def own(holding: Holding | None, unit: str) -> Holding:
    """A unit's own handing over. Raises NotFound when it is another's, Forbidden when it is over."""
    if holding is None or not holding.sent or holding.unit != unit:
        raise NotFound("没有这次交办", code="delivery_not_found")
    if holding.over:
        raise Forbidden("这件事项已不在贵单位办理", code="handover_over")
    return holding
