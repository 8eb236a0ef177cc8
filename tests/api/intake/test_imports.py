"""Files of other systems over HTTP: taken, brought in, interrupted, repeated, and what is given back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers.importing import CHUNK, Importer
from services.intake.store import Stores
from shared.contracts import wire
from tests.api.intake.calls import clerk
from tests.api.intake.conftest import Watch
from tests.api.intake.files import HEAD, bring_in, counts, progress, rejects, rows, send
from tests.signing import bearer


def test_a_file_is_taken_at_once_and_brought_in_by_and_by(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    taken = send(client, rows(150))
    importer = Importer(all, watch, parallel=1)

    before = progress(client, taken)
    importer.chunk(taken.get_json()["import_id"])
    half = progress(client, taken)
    importer.work(60)
    after = progress(client, taken)

    assert taken.status_code == 202
    assert [found["percent"] for found in (before, half, after)] == [0, 66, 100]
    assert counts(after) == {"total": 150, "accepted": 150, "duplicates": 0, "repeated": 0, "rejected": 0}
    assert after["unread_columns"] == []


def test_every_row_is_registered_with_what_was_not_given(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    send(client, HEAD + "7,2026/1/12,,,咨询,,只有标题,,\n")

    bring_in(all, watch)

    state = all.registrations.all()[0].state  # type: ignore[attr-defined]
    assert state.channel == "hotline12345" and state.region == "990101"
    assert state.first_receiver == "window_clerk.centre_county"
    assert {"applicant.name", "applicant.phone", "category", "requests"} <= set(state.not_given)


def test_the_same_file_twice_is_the_first_import(client: FlaskClient, all: Stores, watch: Watch) -> None:
    first = send(client, rows(3))
    bring_in(all, watch)

    again = send(client, rows(3), name="renamed.csv")

    assert (again.status_code, again.get_json()["import_id"]) == (200, first.get_json()["import_id"])
    assert bring_in(all, watch) == 0


@pytest.mark.requirement("IN-07")
def test_a_ticket_that_came_before_is_the_same_case_and_a_broken_one_is_kept_aside(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    send(client, rows(3))
    bring_in(all, watch)

    taken = send(client, rows(4, first=2) + "半截行,2026\n")
    bring_in(all, watch)

    assert counts(progress(client, taken)) == {
        "total": 5,
        "accepted": 2,
        "duplicates": 0,
        "repeated": 2,
        "rejected": 1,
    }
    assert [(row["行号"], row["工单编号"]) for row in rejects(client, taken)] == [("6", "半截行")]
    assert len(all.registrations.all()) == 5  # type: ignore[attr-defined]


@pytest.mark.parametrize("crash_after", [1, 7, CHUNK])
def test_an_import_that_was_killed_goes_on_without_registering_twice(
    client: FlaskClient, all: Stores, watch: Watch, monkeypatch: pytest.MonkeyPatch, crash_after: int
) -> None:
    taken = send(client, rows(CHUNK + 20))
    whole, left = all.registrations.insert, list(range(crash_after))

    def dying(*given: Any) -> bool:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return whole(*given)

    monkeypatch.setattr(all.registrations, "insert", dying)
    with pytest.raises(KeyboardInterrupt):
        Importer(all, watch, parallel=1).work(60)
    monkeypatch.undo()
    bring_in(all, watch)

    assert counts(progress(client, taken)) == {
        "total": 120,
        "accepted": 120,
        "duplicates": 0,
        "repeated": 0,
        "rejected": 0,
    }
    assert len(all.registrations.all()) == 120  # type: ignore[attr-defined]


def test_rows_that_look_the_same_are_flagged_and_registered(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    same = "{n},2026/1/12,甲某,13800130000,纠纷,邻里,水沟,屋后那条水沟堵了半个月没人管,990101101201\n"
    taken = send(client, HEAD + same.format(n=1) + same.format(n=2))

    bring_in(all, watch)

    found = progress(client, taken)
    assert (found["accepted"], found["duplicates"]) == (2, 1)


def test_what_was_wrong_is_given_back_in_their_own_columns(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    bad = "=1+1,2099/1/1,甲某,138O0130000,纠纷,天上的事,水沟,屋后那条水沟堵了半个月没人管,990102\n"
    taken = send(client, HEAD + bad)

    bring_in(all, watch)

    row = rejects(client, taken)[0]
    assert row["工单编号"] == "'=1+1"
    assert "联系电话：电话号码里不能有字母" in row["原因"]
    assert progress(client, taken)["error_codes"] == ["applicant.phone", "category", "received_at", "region"]


def test_the_end_of_an_import_is_told_with_its_faults(client: FlaskClient, all: Stores, watch: Watch) -> None:
    send(client, rows(1) + "半截行,2026\n")

    bring_in(all, watch)

    told = [wire.decode(entry["body"]) for entry in all.imports.outbox]  # type: ignore[attr-defined]
    names = ["import.started", "import.progressed", "registration.rejected_input", "import.finished"]
    assert [event.name for event in told] == names
    assert told[2].data["error_codes"] == ["row.too_few_columns"]


def test_a_row_outside_of_the_region_of_who_brings_it_is_kept_aside(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    taken = send(client, rows(1), headers=clerk(region="990101102"))

    bring_in(all, watch)

    assert rejects(client, taken)[0]["原因"] == "区划代码：不在导入人的辖区范围内"


def test_when_all_is_in_the_file_itself_is_kept_no_longer(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    taken = send(client, rows(2))
    id = taken.get_json()["import_id"]

    before = list(all.pieces.get(id, "rows"))
    bring_in(all, watch)

    assert before and not list(all.pieces.get(id, "rows"))


def test_a_mapping_may_be_written_for_one_file(client: FlaskClient, all: Stores, watch: Watch) -> None:
    taken = send(
        client, "什么事\n水沟堵了\n", mapping="columns: {summary: 什么事, channel: {constant: letter}}"
    )

    bring_in(all, watch)

    assert progress(client, taken)["accepted"] == 1


def test_without_a_mapping_the_names_of_the_columns_are_enough(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    head = "受理编号,来源,事项类型,纠纷类型,事由,申请人,手机号,备注\n"
    taken = send(
        client, head + "1,来访,矛盾纠纷,邻里,墙往我家挪了半米不肯退,甲某,13800130000,无\n", mapping=""
    )

    bring_in(all, watch)

    state = all.registrations.all()[0].state  # type: ignore[attr-defined]
    assert (state.channel, state.matter_type, state.category) == ("visit", "dispute", "neighbour")
    assert progress(client, taken)["unread_columns"] == ["备注"]


def test_mappings_imports_and_targets_are_listed(client: FlaskClient) -> None:
    taken = send(client, rows(1)).get_json()

    known = client.get("/intake/imports/mappings", headers=bearer("clerk")).get_json()
    listed = client.get("/intake/imports", headers=bearer("clerk")).get_json()

    assert {"city_messages", "hotline12345", "registrations"} == {one["name"] for one in known["items"]}
    assert "applicant.phone" in known["targets"]
    assert [one["import_id"] for one in listed["items"]] == [taken["import_id"]]


def test_others_do_not_see_the_import_of_a_region(client: FlaskClient) -> None:
    taken = send(client, rows(1)).get_json()
    theirs = clerk(region="990101102")

    assert client.get(f"/intake/imports/{taken['import_id']}", headers=theirs).status_code == 403
    assert client.get("/intake/imports", headers=theirs).get_json()["items"] == []


def test_the_page_takes_a_file_and_shows_how_far_it_is(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    headers = bearer("clerk") | {"Origin": "http://localhost"}
    form = {"file": (io.BytesIO(rows(120).encode()), "a.csv"), "mapping": "hotline12345", "written": ""}

    sent = client.post("/intake/bring-in", data=form, headers=headers)
    Importer(all, watch, parallel=1).chunk(all.imports.running()[0])
    page = client.get("/intake/bring-in", headers=headers)
    bring_in(all, watch)
    done = client.get("/intake/bring-in/progress", headers=headers)

    assert (sent.status_code, sent.headers["Location"]) == (303, "/intake/bring-in")
    assert '<progress class="w-100" max="100" value="83"' in page.text and "hx-get" in page.text
    assert 'value="100"' in done.text and "hx-get" not in done.text


def test_the_page_says_what_is_wrong_with_a_file(client: FlaskClient) -> None:
    headers = bearer("clerk") | {"Origin": "http://localhost"}
    form = {"file": (io.BytesIO(b"%PDF-1.7"), "a.csv"), "mapping": "auto"}

    page = client.post("/intake/bring-in", data=form, headers=headers)

    assert page.status_code == 415
    assert "只能导入 CSV、XLSX 或 JSON 文件" in page.text


@pytest.mark.requirement("XE-07")
def test_one_file_is_checked_put_into_one_form_told_apart_from_what_is_known_and_its_bad_rows_set_aside(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    first = "1,2026年1月12日,甲某, １３８0013-0001 ,纠纷,邻里纠纷,水沟,屋后水沟堵了没人管,990101101201\n"
    bad = "2,2026-01-12,乙某,138O0130002,纠纷,邻里,水沟,屋后那条水沟又堵了,990101101201\n"

    taken = send(client, HEAD + first + first + bad)
    bring_in(all, watch)

    (held,) = all.registrations.all()  # type: ignore[attr-defined]
    kept = held.state
    assert (kept.category, kept.matter_type, kept.received_at.isoformat()[:10]) == (
        "neighbour",
        "dispute",
        "2026-01-11",  # midnight in China
    )
    applicant = kept.parties[0]
    phone = all.sealer.open(applicant.phone, owner=kept.reg_id, field=f"{applicant.party_id}.phone")
    assert phone == "13800130001"
    assert counts(progress(client, taken)) == {
        "total": 3, "accepted": 1, "duplicates": 0, "repeated": 1, "rejected": 1,
    }  # fmt: skip
    (aside,) = rejects(client, taken)
    assert (aside["行号"], aside["原因"]) == ("4", "联系电话：电话号码里不能有字母")
