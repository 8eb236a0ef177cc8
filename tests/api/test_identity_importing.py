"""A county's organisation from a table: each good row once, bad rows back, no password anywhere."""

from __future__ import annotations

import io
import itertools
import logging
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from services.identity.handlers import importing
from services.identity.handlers.accounts import account_id
from services.identity.handlers.units import unit_id
from services.identity.rules.importing import DEEPEST
from services.identity.worker import IdentityWorker
from tests.api.identity_house import House
from tests.signing import bearer

ADMIN = bearer("sys_admin", region="990101")
UNITS = ("单位代码", "单位名称", "单位种类", "区划代码", "上级单位")
PEOPLE = ("用户名", "姓名", "岗位", "所在单位", "区划代码")
VILLAGE = ("station_a", "甲村网格站", "网格站", "990101101201", "松岚镇综治办")
OFFICE = ("office_101", "松岚镇综治办", "综治（平安）办", "990101101", "centre_101")
WANG = ("wang.fang", "王芳", "网格员、调解员", "甲村网格站", "")
ZHAO = ("zhao.lei", "赵磊", "clerk", "office_101", "990101101")
Rows = Sequence[Sequence[object]]


def workbook(**sheets: Rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for called, rows in sheets.items():
            sheet = book.add_worksheet(called)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return out.getvalue()


def organisation(units: Rows = (VILLAGE, OFFICE), people: Rows = (WANG, ZHAO)) -> bytes:
    return workbook(人员=[PEOPLE, *people], 单位=[UNITS, *units])


def bring(client: Any, data: bytes, name: str = "organisation.xlsx", headers: Any = ADMIN) -> Any:
    return client.post("/identity/imports", data={"file": (io.BytesIO(data), name)}, headers=headers)


def brought(house: House, client: Any, data: bytes, name: str = "organisation.xlsx") -> dict[str, Any]:
    id = bring(client, data, name).json["import_id"]
    IdentityWorker(house.stores, clock=lambda: house.now).bring_in()
    found: dict[str, Any] = client.get(f"/identity/imports/{id}", headers=ADMIN).json
    return found


def fates(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["added"], found["unchanged"], found["rejected"]


def rejected(client: Any, found: dict[str, Any]) -> dict[str, list[list[Any]]]:
    reply = client.get(found["rejects"], headers=ADMIN)
    book = CalamineWorkbook.from_filelike(io.BytesIO(reply.data))
    return {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}


def test_a_file_is_taken_at_once_and_its_rows_follow_with_progress(house: House, client: Any) -> None:
    taken = bring(client, organisation())
    before = taken.json["state"], taken.json["percent"], house.stores.units.find(unit_id("office_101"))

    IdentityWorker(house.stores, clock=lambda: house.now).bring_in()
    done = client.get(f"/identity/imports/{taken.json['import_id']}", headers=ADMIN).json

    assert (taken.status_code, before) == (202, ("running", 0, None))
    assert (done["state"], done["percent"], fates(done), done["accounts"]) == ("done", 100, (4, 0, 0), 2)
    station = house.stores.units.load(unit_id("station_a")).state
    wang = house.stores.accounts.load(account_id("wang.fang")).state
    assert (station.kind, station.parent) == ("grid_station", "office_101")
    assert (wang.unit, wang.region, wang.roles) == ("station_a", "990101101201", ("grid_worker", "mediator"))


def test_the_same_file_again_is_the_first_import_and_changes_nothing(house: House, client: Any) -> None:
    first = brought(house, client, organisation())
    told = house.told()

    again = bring(client, organisation())
    table = "\n".join(",".join(row) for row in (PEOPLE, WANG, ZHAO)).encode("gb18030")
    other = brought(house, client, table, "人员.csv")

    assert (again.status_code, again.json["import_id"]) == (200, first["import_id"])
    assert (fates(other), other["accounts"]) == ((0, 2, 0), 0)
    assert house.told() == told


SHORT = ("office_short", "只有两列的单位")
LOST = ("office_lost", "没有上级的站", "网格站", "990101101", "没有这个办")
UNDER = ("office_under", "下面的站", "网格站", "990101101", "office_lost")
ONE = ("same_code", "一个名称", "网格站", "990101101", "")
OTHER = ("same_code", "另一个名称", "网格站", "990101101", "")
ROUND = ("round_a", "转圈甲", "网格站", "990101101", "round_b")
ROUND_BACK = ("round_b", "转圈乙", "网格站", "990101101", "round_a")


def test_the_order_of_rows_makes_no_difference() -> None:
    found = set()
    rows = (VILLAGE, OFFICE, UNDER, LOST, ONE, OTHER, ROUND, ROUND_BACK)
    orders = [rows, rows[::-1], *itertools.islice(itertools.permutations(rows), 700, 40_000, 9_000)]
    for order in orders:
        house = House()
        client = house.client()
        done = brought(house, client, organisation(order, (ZHAO, WANG)))
        kept = sorted(held.state.code for held in house.stores.units.within("990101"))
        away = sorted(row[0] for row in rejected(client, done)["单位2"][1:])
        found.add((*kept, "|", *away, *fates(done)))

    assert found == {(
        "centre_101", "centre_county", "office_101", "station_a", "|",
        "office_lost", "office_under", "round_a", "round_b", "same_code", "same_code", 4, 0, 6,
    )}  # fmt: skip


def test_bad_rows_come_back_with_their_reasons_and_go_in_when_they_are_mended(
    house: House, client: Any
) -> None:
    wrong = (
        ("z", "太短", "clerk", "office_101", ""),
        ("wu.hao", "吴昊", "太守", "office_101", ""),
        ("sun.li", "孙丽", "sys_admin、clerk", "office_101", ""),
        ("zhou.yu", "周宇", "clerk", "office_101", "990101102"),
        ("li.mei", "李梅", "director", "centre_101", "990101101"),
        ("far.away", "远方", "clerk", "nowhere", ""),
    )
    done = brought(house, client, organisation(people=(WANG, ZHAO, *wrong)))
    sheet = rejected(client, done)["人员1"]
    why = {row[0]: row[-1] for row in sheet[1:]}
    mended = [[*row[:2], "clerk", "office_101", "", *row[5:]] for row in sheet[1:] if row[0] == "wu.hao"]
    after = brought(house, client, workbook(人员1=[sheet[0], *mended]))

    assert (fates(done), sheet[0], sheet[1][5]) == ((4, 0, 6), [*PEOPLE, "行号", "原因"], "4")
    assert "太守" in why["wu.hao"] and "三权" not in why["wu.hao"]
    assert "管理员不办案" in why["sun.li"]
    assert "不属于这个单位" in why["zhou.yu"]
    assert "已在册，但岗位不同" in why["li.mei"]
    assert "nowhere" in why["far.away"] and "没有这个单位" in why["far.away"]
    assert "小写字母开头" in why["z"]
    assert fates(after) == (1, 0, 0)
    assert house.stores.accounts.load(account_id("li.mei")).state.roles == ("clerk", "mediator")


def test_first_passwords_are_made_when_they_are_handed_out_and_must_be_changed(
    house: House, client: Any
) -> None:
    done = brought(house, client, organisation())
    address = f"/identity/imports/{done['import_id']}/first-passwords"
    nothing = house.stores.credentials.find(account_id("wang.fang"))

    first = client.post(address, json={"limit": 1}, headers=ADMIN).json
    rest = client.post(address, json={"after": first["next"]}, headers=ADMIN).json
    again = client.post(address, json={"limit": 1}, headers=ADMIN).json["items"][0]
    old, new = [
        client.post("/identity/tokens", json={
            "grant": "password", "username": given["username"], "password": given["first_password"],
        })
        for given in (first["items"][0], again)
    ]  # fmt: skip

    assert nothing is None
    assert [one["name"] for one in (*first["items"], *rest["items"])] == ["王芳", "赵磊"]
    assert rest["next"] is None
    assert (old.status_code, new.status_code, new.json["must_change_password"]) == (401, 200, True)


def test_who_has_chosen_a_password_is_given_no_other(house: House, client: Any) -> None:
    done = brought(house, client, organisation(people=(ZHAO,)))
    address = f"/identity/imports/{done['import_id']}/first-passwords"
    given = client.post(address, json={}, headers=ADMIN).json["items"][0]["first_password"]
    own = bearer("clerk", ref=account_id("zhao.lei"), region="990101101", unit="office_101")
    changed = client.post(
        f"/identity/accounts/{account_id('zhao.lei')}/password",
        json={"old_password": given, "new_password": "rain-on-the-terraces"},
        headers=own,
    )

    assert changed.status_code == 200
    assert client.post(address, json={}, headers=ADMIN).json["items"] == []


def test_a_first_password_is_in_no_log_no_event_no_trail_and_no_store(
    house: House, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    done = brought(house, client, organisation())
    made = client.post(f"/identity/imports/{done['import_id']}/first-passwords", json={}, headers=ADMIN)
    passwords = [one["first_password"] for one in made.json["items"]]

    stores: Any = house.stores
    kept = [vars(part) for part in (stores.accounts, stores.units, stores.imports, stores.rows,
                                    stores.credentials, stores.audit, stores.sessions)]  # fmt: skip
    everywhere = caplog.text + repr(kept) + repr([vars(record) for record in caplog.records])

    assert len(passwords) == 2 and made.headers["Cache-Control"] == "no-store"
    assert not any(password in everywhere for password in passwords)
    assert "王芳" not in repr([stores.accounts.outbox, stores.units.outbox]) + caplog.text


def test_a_worker_that_dies_between_rows_and_their_count_does_nothing_twice(
    house: House, client: Any
) -> None:
    id = bring(client, organisation()).json["import_id"]
    memory: Any = house.stores
    imports, rows = memory.imports.held[id], memory.rows.held[id]
    importing.work(house.stores, lambda: house.now, 5)
    told, done = house.told(), house.stores.imports.load(id).state

    memory.imports.held[id], memory.rows.held[id] = imports, rows
    importing.work(house.stores, lambda: house.now, 5)

    assert house.told() == told
    assert house.stores.imports.load(id).state == done


def test_user_names_that_look_alike_come_back_whichever_was_first(house: House, client: Any) -> None:
    twin = ("zhao.1ei", "赵累", "clerk", "centre_101", "")
    together = brought(house, client, organisation(people=(twin, ZHAO)))
    alone = brought(house, client, organisation(people=(ZHAO,)))
    later = brought(house, client, organisation(people=(twin,)))

    assert [fates(each) for each in (together, alone, later)] == [(2, 0, 2), (1, 2, 0), (0, 2, 1)]
    assert "看起来太像" in rejected(client, later)["人员1"][1][-1]


def test_the_template_says_what_may_be_written_and_is_read_when_it_is_filled_in(
    house: House, client: Any
) -> None:
    reply = client.get("/identity/imports/template.xlsx", headers=ADMIN)
    book = CalamineWorkbook.from_filelike(io.BytesIO(reply.data))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    filled: dict[str, Rows] = {
        "单位": [sheets["单位"][0], OFFICE], "人员": [sheets["人员"][0], ZHAO], "说明": sheets["说明"],
    }  # fmt: skip
    done = brought(house, client, workbook(**filled))

    assert (sheets["单位"], sheets["人员"]) == ([list(UNITS)], [list(PEOPLE)])
    said = {(row[0], row[1]): row[2] for row in sheets["说明"]}
    assert (said["单位种类", "网格站"], said["岗位", "调解员"]) == ("grid_station", "mediator")
    assert (fates(done), done["unread_sheets"]) == ((2, 0, 0), ["说明"])


@pytest.mark.parametrize(("data", "name", "status", "said"), [
    (b"", "a.csv", 422, "空"),
    (b"\x89PNG\r\n\x1a\n0000", "a.csv", 415, "CSV"),
    (b"PK\x03\x04broken", "a.xlsx", 422, "打不开"),
    ("菜名,价格\n面,8\n".encode(), "a.csv", 422, "模板"),
    ("用户名,姓名\nli.lei,李雷\n".encode(), "a.csv", 422, "岗位、所在单位"),
    ("用户名,姓名,岗位,单位\n".encode(), "a.csv", 422, "模板"),
])  # fmt: skip
def test_a_file_that_is_no_organisation_is_refused_whole(
    client: Any, data: bytes, name: str, status: int, said: str
) -> None:
    reply = bring(client, data, name)

    assert (reply.status_code, said in str(reply.json)) == (status, True)


def test_nobody_brings_in_units_or_people_of_another_region(house: House, client: Any) -> None:
    town = bearer("sys_admin", region="990101102")
    taken = bring(client, organisation(), headers=town).json
    importing.work(house.stores, lambda: house.now, 5)

    seen = client.get(f"/identity/imports/{taken['import_id']}", headers=town).json
    hidden = client.get(
        f"/identity/imports/{taken['import_id']}", headers=bearer("sys_admin", region="990101101")
    )
    clerk = bring(client, organisation(), headers=bearer("clerk"))

    assert fates(seen) == (0, 0, 4)
    assert (hidden.status_code, clerk.status_code) == (403, 403)


def test_units_above_one_another_end_somewhere(house: House, client: Any) -> None:
    chain = [("tier_0", "第0级", "网格站", "990101101", "")] + [
        (f"tier_{n}", f"第{n}级", "网格站", "990101101", f"tier_{n - 1}") for n in range(1, DEEPEST + 1)
    ]

    done = brought(house, client, organisation(chain[::-1], ()))

    assert fates(done) == (DEEPEST, 0, 1)
    assert rejected(client, done)["单位2"][1][0] == f"tier_{DEEPEST}"


def test_a_large_file_is_answered_stretch_by_stretch(house: House, client: Any) -> None:
    people = [(f"person.{n:04d}x", f"人{n}", "网格员", "centre_101", "") for n in range(130)]

    id = bring(client, workbook(人员=[PEOPLE, *people])).json["import_id"]
    seen = []
    while client.get(f"/identity/imports/{id}", headers=ADMIN).json["state"] == "running":
        importing.work(house.stores, lambda: house.now, 0.0001)
        seen.append(client.get(f"/identity/imports/{id}", headers=ADMIN).json["percent"])

    assert seen == [38, 76, 100]
    assert house.stores.rows.load(id).state.lines == ()
