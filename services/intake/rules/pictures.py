"""Pictures: a small one for lists, and a copy with boxes burned in: what they cover is really gone."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageOps

from services.intake.model.file import Box
from shared.errors import Refused

SMALL = 320  # the longer side of a small picture
MOST_PIXELS = 60_000_000  # more than any camera of a counter; a picture can swell like an archive
_BLACK = (0, 0, 0)
_FAULTS = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


def _opened(data: bytes) -> Image.Image:
    """The picture, upright, in plain colours, without what cameras write beside it.

    Raises one of `_FAULTS` when it cannot be read or is too large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.load()
    return ImageOps.exif_transpose(picture).convert("RGB")


def small(data: bytes) -> bytes | None:
    """A small JPEG of a picture; None when it cannot be read."""
    try:
        picture = _opened(data)
    except _FAULTS:
        return None
    picture.thumbnail((SMALL, SMALL))
    return _written(picture, "JPEG")


def covered(data: bytes, boxes: Sequence[Box], media_type: str) -> bytes:
    """A copy whose boxes are black; nothing under them and nothing beside the picture is kept.

    Raises Refused when the picture cannot be read.
    """
    try:
        picture = _opened(data)
    except _FAULTS as error:
        raise Refused("图片读不出来，不能遮盖", code="picture_broken") from error
    brush = ImageDraw.Draw(picture)
    for box in boxes:
        left, top = round(box.x * picture.width), round(box.y * picture.height)
        right = round((box.x + box.width) * picture.width)
        bottom = round((box.y + box.height) * picture.height)
        brush.rectangle((left, top, max(left, right), max(top, bottom)), fill=_BLACK)
    return _written(picture, "PNG" if media_type == "image/png" else "JPEG")


def _written(picture: Image.Image, form: str) -> bytes:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)  # a new picture: no EXIF, no place, no comment
    out = io.BytesIO()
    clean.save(out, form, quality=88)
    return out.getvalue()
