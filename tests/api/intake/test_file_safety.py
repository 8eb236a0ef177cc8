"""What comes as a file: known by its content, refused with a sentence, scanned, covered, never run."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from services.intake.handlers import covering, files, scanning
from services.intake.handlers.scanning import NoVerdict, Verdict
from services.intake.rules.files import Upload
from services.intake.store import Stores
from shared.decision import Actor, Cause
from tests.api.intake.calls import CLERK, clerk, register
from tests.api.intake.sharing import sent
from tests.api.intake.test_files import attach, links, path_of
from tests.signing import bearer
from tests.unit.intake.forms import NOW

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def packed(**parts: bytes) -> bytes:
    """An archive with these parts; `_` in a name is a slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


def with_macro() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", b"<w/>")
        archive.writestr("word/vbaProject.bin", b"Sub AutoOpen")
    return out.getvalue()


def photo(size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """A red photo that knows where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at the yard of somebody"
    Image.new("RGB", size, (200, 10, 10)).save(out, more.get("form", "JPEG"), exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said", "code", "word"),
    [
        (b"", "image/png", "invalid_fields", "空"),
        (with_macro(), DOCX, "macros", "宏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "application/msword", "old_office", "旧版"),
        (packed(word__document=b"0" * 60_000_000), DOCX, "zip_bomb", "炸弹"),
        (packed(readme=b"hello"), "application/zip", "archive", "压缩包"),
        (packed(word__document=b"<w/>")[:-30], DOCX, "broken", "一半"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "markup", "SVG"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><p>hi", "text/plain", "markup", "网页"),
        (b"<script>alert(1)</script>", "text/plain", "markup", "网页"),
        (b"MZ\x90\x00" + b"\0" * 60, "application/octet-stream", "unsupported_type", "不收"),
        (b"\x89PNG\r\n\x1a\n....", "image/jpeg", "other_content", "不符"),
    ],
)  # fmt: skip
def test_what_harms_or_lies_is_refused_with_a_sentence_and_nothing_is_kept(
    client: FlaskClient, all: Stores, data: bytes, said: str, code: str, word: str
) -> None:
    reg_id = register(client).get_json()["reg_id"]

    refused = attach(client, reg_id, data, said)

    assert refused.status_code in (415, 422)
    assert refused.get_json()["code"] == code and word in refused.get_json()["message"]
    assert all.files.having(reg_id=reg_id) == [] and all.blobs.get(sha256(data).hexdigest()) is None


@pytest.mark.parametrize(
    ("data", "said", "kind"),
    [
        (packed(word__document=b"<w/>"), "application/octet-stream", "docx"),
        (packed(xl__workbook=b"<x/>"), XLSX, "xlsx"),
        (photo(), "application/octet-stream", "jpeg"),
        (b"\x00\x00\x00\x18ftypM4A ", "video/mp4", "m4a"),
        ("情况说明：a < b，见照片。\n".encode(), "application/octet-stream", "txt"),
    ],
)
def test_the_content_says_what_a_file_is(client: FlaskClient, data: bytes, said: str, kind: str) -> None:
    made = attach(client, register(client).get_json()["reg_id"], data, said)

    assert (made.status_code, made.get_json()["kind"]) == (201, kind)


def test_a_photo_gets_a_small_picture_without_what_the_camera_wrote(client: FlaskClient) -> None:
    reg_id = register(client).get_json()["reg_id"]
    data = photo((3000, 1000))
    made = attach(client, reg_id, data).get_json()
    path = f"/intake/registrations/{reg_id}/files/{made['sha256']}"

    small = client.get(f"{path}/thumbnail", headers=clerk())
    whole = client.get(path, headers=clerk())

    picture = Image.open(io.BytesIO(small.data))
    assert (small.mimetype, max(picture.size)) == ("image/jpeg", 320)
    assert not picture.getexif() and whole.data == data
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_that_swells_or_is_half_gets_no_small_one_and_is_kept(client: FlaskClient) -> None:
    reg_id = register(client).get_json()["reg_id"]
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")

    large, half = attach(client, reg_id, bomb.getvalue(), "image/png"), attach(client, reg_id, photo()[:900])

    for made in (large, half):
        assert (made.status_code, made.get_json()["thumbnail"]) == (201, "")
        path = f"/intake/registrations/{reg_id}/files/{made.get_json()['sha256']}/thumbnail"
        assert client.get(path, headers=clerk()).status_code == 404


BOX = {"x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5}


def covered(client: FlaskClient, reg_id: str, sha: str, *boxes: dict[str, float], **headers: Any) -> Any:
    path = f"/intake/registrations/{reg_id}/files/{sha}/redactions"
    return client.post(path, json={"boxes": list(boxes)}, headers=headers.get("who") or clerk())


def test_boxes_are_burned_into_a_copy_and_the_original_is_for_few(client: FlaskClient, all: Stores) -> None:
    registered = register(client).get_json()
    reg_id = registered["reg_id"]
    original = attach(client, reg_id, photo()).get_json()
    sent(all, registered["case_id"])
    link = path_of(links(client, registered["case_id"]))
    path = f"/intake/registrations/{reg_id}/files/{original['sha256']}"
    colleague = bearer("clerk", region="990101101", unit="centre_101")

    copy = covered(client, reg_id, original["sha256"], BOX)

    picture = Image.open(
        io.BytesIO(client.get(f"{path[:-64]}{copy.get_json()['sha256']}", headers=clerk()).data)
    )
    assert copy.status_code == 201 and copy.get_json()["copy_of"] == original["file_id"]
    assert picture.getpixel((320, 240)) == (0, 0, 0) and picture.getpixel((10, 10))[0] > 150  # type: ignore[index]
    assert not picture.getexif()
    readers = {"who brought it": clerk(), "colleague": colleague, "dispatcher": bearer("dispatcher")}
    statuses = {name: client.get(path, headers=headers).status_code for name, headers in readers.items()}
    assert statuses == {"who brought it": 200, "colleague": 403, "dispatcher": 200}
    given = [item["sha256"] for item in links(client, registered["case_id"]).get_json()["items"]]
    assert given == [copy.get_json()["sha256"]]
    assert (client.get(link).status_code, client.get(link).get_json()["code"]) == (403, "original_covered")


@pytest.mark.parametrize(
    "box", [BOX | {"x": 0.9}, BOX | {"width": 0}, BOX | {"y": -1}, {"x": 0.1}, BOX | {"height": "half"}]
)
def test_a_box_outside_of_the_picture_is_refused(client: FlaskClient, box: dict[str, Any]) -> None:
    reg_id = register(client).get_json()["reg_id"]
    original = attach(client, reg_id, photo()).get_json()

    refused = covered(client, reg_id, original["sha256"], box)

    assert refused.status_code == 422 and refused.get_json()["fields"]


def test_only_pictures_are_covered(client: FlaskClient) -> None:
    reg_id = register(client).get_json()["reg_id"]
    paper = attach(client, reg_id, b"%PDF-1.7 ...", "application/pdf").get_json()

    refused = covered(client, reg_id, paper["sha256"], BOX)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "not_a_picture")


def waiting(client: FlaskClient, all: Stores) -> tuple[str, str]:
    """A photo that waits for the scanner: registration and hash."""
    reg_id = register(client).get_json()["reg_id"]
    cause = Cause(at=NOW, actor=Actor(ref=CLERK, role="clerk", unit="centre_101", region="990101101"))
    upload = Upload(data=photo(), media_type="image/jpeg", name="院墙.jpg")
    files.attach(all, reg_id, upload, cause, ("clerk",), lambda data: "clean")
    return reg_id, upload.digest


@pytest.mark.parametrize(("verdict", "status"), [("clean", 200), ("infected", 409)])
def test_a_file_lies_apart_until_the_scanner_has_looked(
    client: FlaskClient, all: Stores, verdict: Verdict, status: int
) -> None:
    reg_id, digest = waiting(client, all)
    path = f"/intake/registrations/{reg_id}/files/{digest}"

    before = client.get(path, headers=clerk())
    silent = covering.scan(all, unanswering, NOW)
    done = covering.scan(all, lambda data: verdict, NOW)
    again = covering.scan(all, lambda data: "infected", NOW)
    after = client.get(path, headers=clerk())

    assert (before.status_code, before.get_json()["code"]) == (503, "file_scan_pending")
    assert (silent, done, again, after.status_code) == (0, 1, 0, status)
    assert (client.get(f"{path}/thumbnail", headers=clerk()).status_code == 200) is (verdict == "clean")


def unanswering(data: bytes) -> Verdict:
    raise NoVerdict("gone")


def test_a_program_is_a_scanner(tmp_path: Path) -> None:
    program = tmp_path / "scan.py"
    program.write_text("import sys; sys.exit(1 if b'EICAR' in sys.stdin.buffer.read() else 0)")
    scan = scanning.chosen(f"command:{sys.executable} {program}")
    missing = scanning.chosen("command:/nowhere/scan")

    assert scan and (scan(b"fine"), scan(b"EICAR test")) == ("clean", "infected")
    assert missing
    with pytest.raises(NoVerdict):
        missing(b"fine")


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """Something that speaks as clamd does."""
    path = str(tmp_path / "clamd.sock")
    listening = socket(AF_UNIX, SOCK_STREAM)
    listening.bind(path)
    listening.listen()

    def serve() -> None:
        for _ in range(2):
            line, _ = listening.accept()
            with line, line.makefile("rb") as given:
                assert given.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack(">I", given.read(4))[0]:
                    data += given.read(size)
                line.sendall(b"stream: Eicar FOUND\0" if b"EICAR" in data else b"stream: OK\0")

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield path
    thread.join(5)
    listening.close()


def test_clamd_is_a_scanner(clamd: str) -> None:
    scan = scanning.chosen(f"clamd:{clamd}")

    assert scan and (scan(b"x" * 200_000), scan(b"EICAR")) == ("clean", "infected")


def test_no_setting_is_no_scanner_and_an_unknown_one_is_a_fault() -> None:
    assert scanning.chosen("") is None
    with pytest.raises(ValueError, match="clamd"):
        scanning.chosen("prayer")
