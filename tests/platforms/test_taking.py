"""What platforms send is registered once, and they hear its number; lists go out where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from services.intake import schemas
from tests.platforms.town import Centre, Place, a_report, opened
from yizhan_adapter import NeverPossible, OfficeDown
from yizhan_adapter.platforms.listing import send_lists
from yizhan_adapter.platforms.taking import take

ROWS: dict[str, dict[str, Any]] = {
    "provincial_platform": {
        "xzqh": "990101101",
        "yynr": "邻里排水",
        "yysj": "2026-11-23 09:30:00",
        "jflx": "02",
        "yyr": "某甲",
        "lxdh": "00000000000",
    },
    "hotline12345": {
        "areaCode": "990101102",
        "content": "楼上漏水",
        "callTime": "2026-11-23T09:30:00+08:00",
        "orderType": "DISPUTE",
        "questionType": "neighbor",
        "callerPhone": "00000000000",
    },
    "four_platforms": {
        "areaCode": "990101101201",
        "content": "占道",
        "reportTime": "20261123093000",
        "platform": "ZF",
        "urgent": "0",
    },
    "municipal_platform": {
        "areaCode": "990101",
        "description": "跨区纠纷",
        "dispatchTime": "2026-11-23 09:30:00",
        "eventType": "01",
        "personCount": 3,
    },
    "petition_system": {
        "wtsd": "990101103",
        "nrzy": "反映道路",
        "zssj": "2026-11-23 09:30:00",
        "xfrxm": "某乙",
    },
}
CHANNELS = {
    "provincial_platform": "platform",
    "hotline12345": "hotline12345",
    "four_platforms": "platform",
    "municipal_platform": "government",
    "petition_system": "petition_office",
}


def hand_out(place: Place, id: str = "YY01", **changed: Any) -> None:
    place.post("/hand_out", {"id": id, "row": ROWS[place.id] | changed})


@pytest.mark.requirement("XI-11", "XI-01", "XI-02")
def test_what_came_in_is_registered_once_and_its_number_goes_back(place: Place) -> None:
    hand_out(place)
    centre = Centre()

    take(place.platform, centre)
    take(place.platform, centre)

    assert list(centre.registered) == ["YY01"]
    assert centre.registered["YY01"]["channel"] == CHANNELS[place.id]
    heard = place.get("/handed")["handed"][0][1]
    assert "990101-2026-000001" in heard


def test_intake_takes_what_every_platform_sends(place: Place) -> None:
    hand_out(place)
    centre = Centre()
    take(place.platform, centre)

    form = schemas.NewRegistration().load(centre.registered["YY01"])

    assert form.external_ref == "YY01" and form.received_at.isoformat() == "2026-11-23T01:30:00+00:00"
    assert form.summary == next(
        v for k, v in ROWS[place.id].items() if k in ("yynr", "content", "description", "nrzy")
    )


@pytest.mark.requirement("IN-13")
def test_while_the_centre_is_down_appointments_wait_there(place: Place) -> None:
    hand_out(place)
    centre = Centre(down=True)
    with pytest.raises(OfficeDown):
        take(place.platform, centre)

    centre.down = False
    assert take(place.platform, centre).registered == 1


@pytest.mark.requirement("IN-07")
def test_a_malformed_one_is_kept_with_its_reason_and_holds_up_no_other(province: Place) -> None:
    hand_out(province, "YY01", jflx="77")
    hand_out(province, "YY02")

    done = take(province.platform, Centre())

    assert (done.registered, done.refused, done.told) == (1, 1, 1)
    kept = next(iter(province.book.taken("WHERE case_no = ''")))
    assert kept.id == "YY01" and kept.reason == "jflx '77' has no value in the table of category"


def test_what_was_refused_is_tried_again_when_it_is_mended(province: Place) -> None:
    hand_out(province)
    take(province.platform, Centre(refuse="422"))

    centre = Centre()
    done = take(province.platform, centre)

    assert done.registered == 1 and list(centre.registered) == ["YY01"]


def test_a_number_that_was_not_heard_is_told_the_next_time(province: Place) -> None:
    hand_out(province)
    centre = Centre()
    card = province.platform.card.take
    assert card is not None
    province.storage.hear("YY01", {})
    done = take(province.platform, centre)
    again = take(province.platform, centre)

    assert (done.told, again.told) == (1, 0)


def test_a_number_that_they_refuse_holds_up_no_other(
    province: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(province, "YY01")
    hand_out(province, "YY02")
    post = province.platform.office.post

    def refusing(path: str, body: Any) -> Any:
        if "YY01" in body.values():
            raise NeverPossible("no such appointment any more")
        return post(path, body)

    monkeypatch.setattr(province.platform.office, "post", refusing)
    done = take(province.platform, Centre())

    assert (done.registered, done.told) == (2, 1)


def test_behind_one_that_stays_refused_a_list_in_pages_is_read_to_its_end(
    province: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(province, "YY01", jflx="77")
    get, rows = province.platform.office.get, province.platform.card.reply.rows
    centre = Centre()
    take(province.platform, centre)
    for n in range(2, 6):
        hand_out(province, f"YY0{n}")

    def by_two(path: str) -> Any:
        reply = get(path)
        words = rows.split(".")
        inside = reply
        for word in words[:-1]:
            inside = inside[word]
        inside[words[-1]] = inside[words[-1]][:2]
        return reply

    monkeypatch.setattr(province.platform.office, "get", by_two)
    for _ in range(4):
        take(province.platform, centre)

    assert list(centre.registered) == ["YY02", "YY03", "YY04", "YY05"]


@pytest.mark.requirement("XI-01")
def test_the_result_of_a_work_order_goes_back_under_its_own_number(tmp_path: Path) -> None:
    for hotline in opened("hotline12345", tmp_path):
        hand_out(hotline, "GD20261123001")
        take(hotline.platform, Centre())

        hotline.platform.handle(
            a_report(department="hotline12345", state="resolved", outcome="mediated_written")
        )

        sent = hotline.kept()[0]
        assert (sent["workOrderNo"], sent["progress"], sent["result"]) == ("GD20261123001", "DONE", "SOLVED")


def test_a_work_order_that_is_still_open_has_no_result(tmp_path: Path) -> None:
    for hotline in opened("hotline12345", tmp_path):
        hotline.platform.handle(a_report(department="hotline12345", state="handling"))

        assert hotline.kept() == []


@pytest.mark.requirement("COR-04")
def test_the_petition_system_gets_names_from_the_vault_and_the_book_keeps_none(tmp_path: Path) -> None:
    for petitions in opened("petition_system", tmp_path):
        petitions.tell([1], matter_type="petition")
        petitions.desk.round(petitions.at)

        sent, row = petitions.kept()[0], petitions.book.rows()[0]

        assert sent["xfrxm"] == "某name" and row.receipt.startswith("MNXF")
        assert not {"xfrxm", "zjhm", "lxdh"} & row.body.keys()
        assert petitions.compare() == []


def test_names_go_there_once_and_later_reports_go_without_them(tmp_path: Path) -> None:
    for petitions in opened("petition_system", tmp_path):
        petitions.tell([1], matter_type="petition")
        petitions.desk.round(petitions.at)

        petitions.desk.vault = None
        petitions.tell([1], matter_type="petition", revision=2, state="resolved")
        petitions.desk.round(petitions.at)

        assert petitions.said() == ["reported", "reported"]
        assert [(row["xfrxm"], row["blzt"]) for row in petitions.kept()] == [("某name", "05")]


@pytest.mark.requirement("XI-10", "MD-26")
def test_organisations_and_mediators_go_out_where_they_differ(province: Place) -> None:
    unit = {
        "code": "committee_101201",
        "name": "某村调委会",
        "kind": "people_committee",
        "region": "990101101201",
        "active": True,
    }
    person = {"id": "018f", "name": "某调解员", "unit": "committee_101201", "region": "990101101201"}
    centre = Centre(
        lists={
            "/identity/units": [unit, unit | {"code": "court", "kind": "court"}],
            "/identity/mediators": [person],
        }
    )

    first = send_lists(province.platform, centre)
    province.post("/plant", {"path": "/rmtj/v1/tjzz", "key": "committee_101201", "change": {"mc": "旧名"}})
    assert [str(one) for one in province.compare("organisation")] == [
        "organisation committee_101201 differs mc"
    ]
    send_lists(province.platform, centre)

    assert (first.confirmed, first.faults) == (2, {})
    assert province.compare("organisation") == province.compare("mediator") == []


@pytest.mark.requirement("XI-05")
def test_monthly_figures_go_to_the_city_once_and_again_when_they_change(tmp_path: Path) -> None:
    for city in opened("municipal_platform", tmp_path):
        month = {
            "month_id": "990101-2026-10",
            "region": "990101",
            "month": "2026-10",
            "registered": 31,
            "resolved": 20,
            "closed": 18,
        }
        for count in (31, 31, 32):
            send_lists(city.platform, Centre(lists={"/reporting/months": [month | {"registered": count}]}))

        kept = [body for _, body in city.storage.rows("/szpt/monthly")]
        assert [body["accepted"] for body in kept] == [32]
        assert city.compare("month") == []


def test_a_list_with_a_faulty_record_sends_the_others(province: Place) -> None:
    good = {"id": "1", "name": "某甲", "unit": "centre_101", "region": "990101101"}
    centre = Centre(lists={"/identity/mediators": [good | {"id": "2", "name": ""}, good]})

    sent = send_lists(province.platform, centre)

    assert sent.confirmed == 1 and list(sent.faults) == ["mediator 2"]


def test_a_list_that_cannot_be_read_holds_up_no_other(province: Place) -> None:
    class Partly(Centre):
        def items(self, path: str) -> Iterable[Mapping[str, Any]]:
            if path == "/identity/units":
                raise NeverPossible("403")
            return super().items(path)

    person = {"id": "1", "name": "某甲", "unit": "centre_101", "region": "990101101"}
    sent = send_lists(province.platform, Partly(lists={"/identity/mediators": [person]}))

    assert (sent.confirmed, sent.faults) == (1, {"organisation": "403"})
