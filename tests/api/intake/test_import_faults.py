"""Files that are not what they should be: refused at once, or brought in without their broken rows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers.importing import Importer
from services.intake.store import Stores
from shared.contracts import wire
from tests.api.intake.calls import clerk
from tests.api.intake.conftest import Watch
from tests.api.intake.files import HEAD, bring_in, counts, progress, rejects, rows, send
from tests.signing import bearer


def mapping(**columns: Any) -> str:
    """A mapping of the column 什么事 and these."""
    return json.dumps({"columns": {"summary": "什么事", "channel": {"constant": "letter"}} | columns})


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"%PDF-1.7", "a.csv", 415, "file_kind"),
        (b'[{"a": 1}]', "a.csv", 415, "file_not_what_its_name_says"),
        (b"PK\x03\x04half", "a.xlsx", 422, "file_broken"),
        (b"", "a.csv", 422, "file_empty"),
        ("编号,时间\n1,2\n".encode(), "a.csv", 422, "columns_missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(
    client: FlaskClient, data: bytes, name: str, status: int, code: str
) -> None:
    refused = send(client, data, name)

    assert (refused.status_code, refused.get_json()["code"]) == (status, code)


@pytest.mark.parametrize("mapping", ["nobody", "columns: {salary: 工资}", "{", "a: &x [1]\ncolumns: *x"])
def test_a_mapping_that_does_not_hold_is_refused(client: FlaskClient, mapping: str) -> None:
    refused = send(client, rows(1), mapping=mapping)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "bad_mapping")


def test_without_a_file_nothing_is_begun(client: FlaskClient) -> None:
    refused = client.post(
        "/intake/imports", data={"mapping": "x"}, content_type="multipart/form-data", headers=bearer("clerk")
    )

    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["file"])


@pytest.mark.parametrize(
    "written",
    [
        '{"columns": {"summary": {"sources": "标题", "values": ["a"]}}}',
        '{"columns": {"summary": "标题"}, "dates": ["%Y %Y"]}',
        "columns: {summary: 2020-13-45}",
        "columns: {summary: !!int many}",
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_by_its_field(client: FlaskClient, written: str) -> None:
    refused = send(client, rows(1), mapping=written)

    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["mapping"])


@pytest.mark.parametrize("encoding", ["undefined", "idna", "hex", "a\0b"])
def test_an_encoding_that_is_none_is_passed_over(client: FlaskClient, encoding: str) -> None:
    written = json.dumps({"columns": {"summary": "什么事"}, "encoding": encoding})

    taken = send(client, "什么事\n水沟堵了\n".encode("gb18030"), mapping=written)

    assert (taken.status_code, taken.get_json()["total"]) == (202, 1)


@pytest.mark.parametrize("start", ["", '"'])
def test_a_file_that_is_one_endless_cell_is_refused(client: FlaskClient, start: str) -> None:
    refused = send(client, start + "x" * 140_000)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "columns_missing")


@pytest.mark.parametrize(
    ("target", "given"),
    [
        ("region", "990101101２０１"),
        ("grid_id", "990101101２０１"),
        ("answered_at", "0001-01-01T00:00:00+08:00"),
        ("answered_at", "9999-12-31T23:59:59-08:00"),
    ],
)
def test_a_row_that_nobody_could_store_is_kept_aside(
    client: FlaskClient, all: Stores, watch: Watch, target: str, given: str
) -> None:
    columns = {target: "某列", "answer": {"constant": "已答复"}}
    taken = send(client, f"什么事,某列\n水沟堵了,{given}\n", mapping=mapping(**columns))

    bring_in(all, watch)

    assert [row["原因"].partition("：")[0] for row in rejects(client, taken)] == ["某列"]


def test_an_import_that_fails_holds_up_no_other(client: FlaskClient, all: Stores, watch: Watch) -> None:
    broken = send(client, rows(2)).get_json()["import_id"]
    all.pieces.put(broken, "rows", [(0, b"no rows")])
    taken = send(client, rows(3, first=5))

    with pytest.raises(ExceptionGroup):
        bring_in(all, watch)

    assert all.imports.load(broken).state.percent == 0
    assert progress(client, taken)["accepted"] == 3


def test_an_import_whose_file_is_lost_stops_and_says_so_once(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    lost = send(client, rows(250))
    id = lost.get_json()["import_id"]
    Importer(all, watch, parallel=1).chunk(id)
    all.pieces.drop(id, "rows")

    bring_in(all, watch)
    again = bring_in(all, watch)

    found = progress(client, lost)
    assert (found["state"], found["accepted"], found["error_codes"]) == ("lost", 100, ["file.lost"])
    told = [wire.decode(entry["body"]).name for entry in all.imports.outbox]  # type: ignore[attr-defined]
    assert (again, told.count("import.stopped"), all.imports.running()) == (0, 1, [])


def test_a_large_import_lets_a_small_one_go_beside_it(client: FlaskClient, all: Stores, watch: Watch) -> None:
    large, small = send(client, rows(250)), send(client, rows(20, first=1000))
    importer = Importer(all, watch, parallel=1)
    order: list[str] = []
    chunk = importer.chunk
    importer.chunk = lambda id: (order.append(id), chunk(id))[1]  # type: ignore[method-assign, func-returns-value]

    importer.work(60)

    assert order[:2] == [large.get_json()["import_id"], small.get_json()["import_id"]]


def test_one_byte_nobody_can_read_gives_its_row_back_and_not_the_file(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    lines = rows(60).encode().split(b"\n")
    lines[7] = lines[7].replace("水沟".encode(), b"\xe6\xb0\xff", 1)

    taken = send(client, b"\n".join(lines))
    bring_in(all, watch)

    assert counts(progress(client, taken)) == {
        "total": 60, "accepted": 59, "duplicates": 0, "repeated": 0, "rejected": 1,
    }  # fmt: skip
    (row,) = rejects(client, taken)
    assert row["行号"] == "8" and "第7列有读不出的字" in row["原因"]


def test_an_older_encoding_is_not_taken_for_a_broken_one(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    taken = send(client, rows(30).encode("gb18030"))
    bring_in(all, watch)

    assert progress(client, taken)["accepted"] == 30


def test_who_reads_the_rows_kept_aside_is_on_record(client: FlaskClient, all: Stores, watch: Watch) -> None:
    taken = send(client, HEAD + "半截行,2026\n")
    bring_in(all, watch)

    rejects(client, taken)

    last = all.audit.last()
    assert last is not None
    assert (last.action, last.object) == ("import.rejects_read", f"import/{taken.get_json()['import_id']}")


@pytest.mark.parametrize("before", ["", "same"])
def test_the_same_key_for_another_file_is_refused(client: FlaskClient, before: str) -> None:
    headers = bearer("clerk") | {"Idempotency-Key": "file"}
    send(client, rows(1), headers=bearer("clerk") if before else headers)
    send(client, rows(1), headers=headers)

    refused = send(client, rows(2), headers=headers)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency_key_reused")


def test_the_file_of_another_region_is_not_shown_and_stays_as_it_is(client: FlaskClient, all: Stores) -> None:
    taken = send(client, rows(1))
    held = all.imports.load(taken.get_json()["import_id"])

    refused = send(client, rows(1), headers=clerk(region="990101102") | {"Idempotency-Key": "theirs"})

    assert (refused.status_code, refused.get_json()["code"]) == (403, "out_of_region")
    assert all.imports.load(held.id) == held
