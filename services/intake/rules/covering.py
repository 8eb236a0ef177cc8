"""A covered copy of a picture: what may be covered, and who may still see what is under the boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.intake.model.file import PICTURES, Box, File, Scan
from services.intake.rules.revealing import FEW
from shared.contracts.file import FileChecked, FileRedacted
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal, Refused, Unavailable

MOST_BOXES = 200


def check(file: File, boxes: Sequence[Box]) -> None:
    """Raises Refused when nothing is to be covered, or cannot be; Illegal for an infected file."""
    check_clean(file)
    if file.media_type not in PICTURES:
        said = "只有照片能遮盖；PDF 和文档请先转成图片再传"
        raise Refused(said, code="not_a_picture", fields={"boxes": [said]})
    outside = [n for n, box in enumerate(boxes) if not _inside(box)]
    if outside or not boxes:
        said = "请框出要遮盖的地方（左、上、宽、高都是0到1之间的比例）"
        where = [f"boxes.{n}" for n in outside] or ["boxes"]
        raise Refused(said, code="invalid_fields", fields={name: [said] for name in where})


def _inside(box: Box) -> bool:
    sides = box.width > 0 and box.height > 0 and box.x >= 0 and box.y >= 0
    return sides and box.x + box.width <= 1.0001 and box.y + box.height <= 1.0001


def covered(file: File, copy: File, boxes: int) -> Decision[File] | None:
    """From now on the copy stands for the original."""
    if file.covered_by == copy.sha256:
        return None
    told = FileRedacted(
        file_id=file.file_id,
        case_id=file.case_id,
        copy_id=copy.file_id,
        copy_sha256=copy.sha256,
        boxes=boxes,
    )
    return Decision(state=replace(file, covered_by=copy.sha256), events=(told,), reason="file_redacted")


def check_clean(file: File) -> None:
    """Raises Unavailable while a scanner has not looked, Illegal when it found something."""
    if file.scan == "pending":
        raise Unavailable("文件正在查毒，请稍后再试", code="file_scan_pending")
    if file.scan == "infected":
        raise Illegal("文件查出病毒，已隔离，不能打开", state="infected", allowed=[], code="file_infected")


def check_original(file: File, actor: Actor, roles: Sequence[str]) -> None:
    """Raises Forbidden for the original under a covered copy, but for the few and for who brought it."""
    if file.covered_by and actor.ref != file.added_by and not any(role in FEW for role in roles):
        raise Forbidden("原件已遮盖，请看遮盖后的副本", code="original_covered")


def scanned(file: File, result: Scan, thumbnail: str) -> Decision[File] | None:
    """What a scanner says of a file that waits for it."""
    if file.scan != "pending":
        return None
    after = replace(file, scan=result, thumbnail=thumbnail)
    told = FileChecked(
        file_id=file.file_id,
        case_id=file.case_id,
        result="clean" if result == "clean" else "infected",
        thumbnail=bool(thumbnail),
    )
    return Decision(state=after, events=(told,), reason=f"scan_{result}")
