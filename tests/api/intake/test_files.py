"""Files of a case by claim check: kept under their hash, linked for who has the case, let go."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from services.intake.handlers import files
from services.intake.model.file import MOST_BYTES
from services.intake.rules.files import Upload, checked
from services.intake.store import Stores
from services.intake.worker import IntakeWorker
from shared import ids
from shared.contracts import wire
from shared.contracts.department import DepartmentResumed, DepartmentSuspended
from shared.contracts.routing import CaseAssigned
from shared.errors import UnsupportedType
from tests.api.intake.calls import VILLAGE, clerk, register
from tests.api.intake.conftest import Watch
from tests.api.intake.sharing import COURT, delivery, returned, sent, tell_of_connection
from tests.api.intake.test_query import told
from tests.signing import bearer, department
from tests.unit.intake.forms import NOW

PHOTO = b"\xff\xd8\xff\xe0" + b"a wall that was moved" * 100
COMMITTEE = "committee_101201"
DIGEST = sha256(PHOTO).hexdigest()


def attach(
    client: FlaskClient, reg_id: str, data: bytes = PHOTO, kind: str = "image/jpeg", **headers: Any
) -> Any:
    """A clerk attaches a file whose name holds the name of a person."""
    form = {"file": (io.BytesIO(data), "甲某某家的墙.jpg", kind)}
    return client.post(
        f"/intake/registrations/{reg_id}/files", data=form, headers=headers.get("who") or clerk()
    )


def with_photo(client: FlaskClient, all: Stores) -> dict[str, str]:
    """A case with a photo, in the court's mailbox."""
    made: dict[str, str] = register(client).get_json()
    assert attach(client, made["reg_id"]).status_code == 201
    sent(all, made["case_id"])
    return made


def links(client: FlaskClient, case_id: str, unit: str = COURT) -> Any:
    path = f"/intake/deliveries/{delivery(case_id)}/files"
    return client.get(path, headers=department(unit))


def path_of(answer: Any) -> str:
    address = urlsplit(answer.get_json()["items"][0]["address"])
    return f"{address.path}?{address.query}"


def test_a_file_lies_sealed_under_its_hash_and_only_codes_are_told(client: FlaskClient, all: Stores) -> None:
    reg_id = register(client).get_json()["reg_id"]

    made = attach(client, reg_id)

    body = made.get_json()
    assert (body["sha256"], body["size"], body["kind"]) == (DIGEST, len(PHOTO), "jpeg")
    assert body["name"] == "甲某某家的墙.jpg"
    kept = all.blobs.get(DIGEST)
    assert kept is not None and b"wall" not in kept
    (told,) = [wire.decode(entry["body"]) for entry in all.files.outbox]  # type: ignore[attr-defined]
    assert (told.name, set(told.data)) == ("file.attached", {"file_id", "case_id", "sha256", "size", "kind"})
    assert "甲某某" not in repr(all.files.load(body["file_id"]))


def test_a_link_opens_nothing_while_the_units_connection_is_suspended(
    client: FlaskClient, all: Stores
) -> None:
    made = with_photo(client, all)
    path = path_of(links(client, made["case_id"]))
    tell_of_connection(all, DepartmentSuspended(department=COURT, reason="hostile"), 3)

    shut = client.get(path)
    tell_of_connection(all, DepartmentResumed(department=COURT), 4)
    tell_of_connection(all, DepartmentSuspended(department=COURT, reason="hostile"), 3)
    again = client.get(path)

    assert (shut.status_code, shut.get_json()["code"], again.status_code) == (
        403,
        "department_suspended",
        200,
    )


def test_the_same_content_twice_is_one_file(client: FlaskClient, all: Stores) -> None:
    reg_id = register(client).get_json()["reg_id"]

    first, again = attach(client, reg_id), attach(client, reg_id)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json()["id"] == again.get_json()["id"]
    listed = client.get(f"/intake/registrations/{reg_id}/files", headers=clerk()).get_json()["items"]
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"", "image/jpeg", 422, "invalid_fields"),
        (b"MZ" * 50, "application/x-msdownload", 415, "unsupported_type"),
        (b"MZ" * 50, "application/pdf", 415, "other_content"),
        (b"\x00\x01binary", "text/plain", 415, "other_content"),
    ],
)
def test_what_is_no_file_of_a_case_is_refused_and_nothing_is_kept(
    client: FlaskClient, all: Stores, data: bytes, kind: str, status: int, code: str
) -> None:
    reg_id = register(client).get_json()["reg_id"]

    refused = attach(client, reg_id, data, kind)

    assert (refused.status_code, refused.get_json()["code"]) == (status, code)
    assert all.files.having(reg_id=reg_id) == [] and all.blobs.get(sha256(data).hexdigest()) is None


def test_more_than_twenty_megabytes_are_refused() -> None:
    large = Upload(data=b"%PDF-" + b"0" * MOST_BYTES, media_type="application/pdf", name="x.pdf")

    with pytest.raises(UnsupportedType, match="20MB"):
        checked(large)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"ID3\x03", "audio/mpeg"),
        ("情况说明\n".encode(), "text/plain"),
    ],
)
def test_the_usual_kinds_are_taken(client: FlaskClient, data: bytes, kind: str) -> None:
    assert attach(client, register(client).get_json()["reg_id"], data, kind).status_code == 201


def test_a_file_is_attached_and_read_only_by_who_may_see_the_matter(client: FlaskClient) -> None:
    reg_id = register(client).get_json()["reg_id"]
    stranger = bearer("clerk", region="990101102", unit="centre_102")
    attach(client, reg_id)

    own = client.get(f"/intake/registrations/{reg_id}/files/{DIGEST}", headers=clerk())
    theirs = client.get(f"/intake/registrations/{reg_id}/files/{DIGEST}", headers=stranger)

    assert (own.data, own.mimetype) == (PHOTO, "image/jpeg")
    assert own.headers["Content-Disposition"] == f"attachment; filename={DIGEST[:12]}.jpeg"
    assert (attach(client, reg_id, who=stranger).status_code, theirs.status_code) == (403, 403)


def test_the_department_that_has_the_case_fetches_its_files_by_links(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    made = with_photo(client, all)

    answer = links(client, made["case_id"])
    fetched = client.get(path_of(answer))
    watch.now += timedelta(days=7)
    late = client.get(path_of(answer))
    renewed = client.get(path_of(links(client, made["case_id"])))

    item = answer.get_json()["items"][0]
    assert (item["sha256"], item["size"], item["media_type"]) == (DIGEST, len(PHOTO), "image/jpeg")
    assert (fetched.status_code, sha256(fetched.data).hexdigest()) == (200, DIGEST)
    assert (late.status_code, late.get_json()["code"], renewed.status_code) == (403, "link_expired", 200)
    assert "甲某某" not in answer.get_data(as_text=True)
    read = [(e.actor, e.result) for e in all.audit.entries() if e.action == "file.read"]
    assert read == [("dept_court", "ok"), ("dept_court", "link_expired"), ("dept_court", "ok")]


def test_links_are_for_one_department_and_one_case_and_end_with_the_handing_over(
    client: FlaskClient, all: Stores
) -> None:
    made = with_photo(client, all)
    link = path_of(links(client, made["case_id"]))

    other_unit = links(client, made["case_id"], "police")
    signed_in_as_another = client.get(link, headers=department("police"))
    other_file = client.get(link.replace(DIGEST, "0" * 64))
    altered = client.get(link[:-4] + "AAAA")
    returned(all, made["case_id"])
    over, list_over = client.get(link), links(client, made["case_id"])

    answers = (other_unit, signed_in_as_another, other_file, altered, over, list_over)
    assert [(a.status_code, a.get_json()["code"]) for a in answers] == [
        (404, "delivery_not_found"),
        (403, "other_unit"),
        (404, "file_not_found"),
        (404, "file_not_found"),
        (403, "handover_over"),
        (403, "handover_over"),
    ]
    unknown = client.get(f"/intake/deliveries/{ids.new()}/files", headers=department(COURT))
    assert unknown.status_code == 404


def test_the_unit_complained_about_is_given_no_file_even_if_it_was_handed_the_case(
    client: FlaskClient, all: Stores
) -> None:
    made = register(client, confidentiality="complaint_protected", units_involved=[COURT]).get_json()
    attach(client, made["reg_id"], who=bearer("dispatcher"))
    sent(all, made["case_id"])

    refused = links(client, made["case_id"])

    assert (refused.status_code, refused.get_json()["code"]) == (404, "case_not_handed_over")


def test_bytes_that_are_gone_or_were_changed_are_never_given_out(client: FlaskClient, all: Stores) -> None:
    made = with_photo(client, all)
    link = path_of(links(client, made["case_id"]))
    kept = all.blobs.get(DIGEST)
    assert kept is not None

    all.blobs.drop(DIGEST)
    missing = client.get(link)
    all.blobs.put(DIGEST, kept[:-1] + bytes([kept[-1] ^ 1]), NOW)
    damaged = client.get(link)

    assert [(a.status_code, a.get_json()["code"]) for a in (missing, damaged)] == [
        (503, "file_missing"), (503, "file_damaged"),
    ]  # fmt: skip
    assert all.audit.last().result == "file_damaged"  # type: ignore[union-attr]


def test_bytes_that_no_file_names_for_thirty_days_are_let_go(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    with_photo(client, all)
    all.blobs.put("0" * 64, b"left by a crash before the file was written", watch.now)

    early = files.collect(all, watch.now + timedelta(days=29))
    late = files.collect(all, watch.now + timedelta(days=31))

    assert (early, late) == (0, 1)
    assert all.blobs.get("0" * 64) is None and all.blobs.get(DIGEST) is not None


@pytest.mark.requirement("XE-09")
def test_a_paper_given_once_at_the_window_is_read_at_every_later_step_and_asked_for_by_none(
    client: FlaskClient, all: Stores
) -> None:
    made = with_photo(client, all)
    given = CaseAssigned(
        case_id=made["case_id"], lead_unit=COMMITTEE, tier="village", due_at=NOW + timedelta(days=3)
    )
    IntakeWorker(all).hear(told(made["case_id"], given, 2))
    path = f"/intake/registrations/{made['reg_id']}/files"
    later = [
        bearer("unit_staff", region=VILLAGE, unit=COMMITTEE),
        bearer("mediator", region="990101101", unit="centre_101"),
        bearer("petition_officer", unit="petition_office"),
    ]

    handed_in_again = [attach(client, made["reg_id"], who=who) for who in later]
    read = [client.get(f"{path}/{DIGEST}", headers=who) for who in later]
    at_court = client.get(path_of(links(client, made["case_id"])))

    assert [(reply.status_code, reply.get_json()["sha256"]) for reply in handed_in_again] == [
        (200, DIGEST)
    ] * 3
    assert [(reply.status_code, reply.data) for reply in (*read, at_court)] == [(200, PHOTO)] * 4
    assert len(client.get(path, headers=clerk()).get_json()["items"]) == 1
