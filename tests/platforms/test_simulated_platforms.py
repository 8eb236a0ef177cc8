"""The simulated platforms by themselves, over HTTP: what they keep, refuse, hand out, and how they fail."""

from __future__ import annotations

from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.platforms.town import Place
from yizhan_simulators.__main__ import main
from yizhan_simulators.shape import SHAPES
from yizhan_simulators.storage import Storage

CASE = {
    "wbbh": "c1",
    "ajh": "990101-2026-000001",
    "xzqh": "990101101",
    "slsj": "2026-11-22 10:00:00",
    "zt": "20",
}
AJ = "/rmtj/v1/aj"


def test_a_simulator_says_that_it_is_one(place: Place) -> None:
    assert place.get("/healthz") == {"simulator": place.id, "title": SHAPES[place.id].title, "records": 0}
    assert "模拟器" in SHAPES[place.id].title


def test_a_record_is_kept_once_under_the_senders_key(province: Place) -> None:
    first, second = province.post(AJ, CASE), province.post(AJ, CASE | {"zt": "30"})

    assert (first["code"], second["code"]) == ("0000", "0001")
    assert first["data"]["slh"] == second["data"]["slh"]
    assert [row["zt"] for row in province.get(f"{AJ}?wbbh=c1")["data"]["list"]] == ["30"]


@pytest.mark.parametrize(
    ("change", "code"), [({"ajh": ""}, "4001"), ({"zt": "77"}, "4001"), ({"xzqh": "110101"}, "4003")]
)
def test_what_does_not_fit_is_refused_with_a_code(province: Place, change: dict[str, str], code: str) -> None:
    assert province.post(AJ, CASE | change)["code"] == code
    assert province.kept() == []


def test_a_list_comes_in_pages(province: Place) -> None:
    for number in range(150):
        province.storage.put(AJ, f"c{number}", CASE | {"wbbh": f"c{number}"})

    pages = [len(province.get(f"{AJ}?page={page}")["data"]["list"]) for page in (1, 2, 3)]

    assert pages == [100, 50, 0]


def test_down_lasts_until_it_is_lifted(province: Place) -> None:
    province.disturb(down=True)
    for _ in range(3):
        with pytest.raises(HTTPError, match="503"):
            province.get(AJ)

    province.disturb()
    assert province.get(AJ)["code"] == "0000"


def test_a_failure_does_nothing_and_a_lost_reply_did_it(province: Place) -> None:
    province.disturb(next=1, status=500)
    with pytest.raises(HTTPError, match="500"):
        province.post(AJ, CASE)
    assert province.kept() == []

    province.disturb(next=1, status=500, after=True)
    with pytest.raises(HTTPError, match="500"):
        province.post(AJ, CASE)
    assert len(province.kept()) == 1


def test_accepting_twice_makes_two_records_with_two_receipts(province: Place) -> None:
    province.post(AJ, CASE)
    province.disturb(twice=1)
    province.post(AJ, CASE)

    assert len({row["slh"] for row in province.get(f"{AJ}?wbbh=c1")["data"]["list"]}) == 2


def test_a_request_that_makes_no_sense_is_a_bad_request(province: Place) -> None:
    with pytest.raises(HTTPError, match="400"):
        province.post("/faults", {"no such fault": 1})
    with pytest.raises(HTTPError, match="404"):
        province.get("/nowhere")


def test_what_was_kept_outlives_the_process(tmp_path: Path) -> None:
    first = Storage(tmp_path / "s.sqlite")
    first.put(AJ, "c1", CASE)
    first.close()

    second = Storage(tmp_path / "s.sqlite")
    assert [body for _, body in second.rows(AJ)] == [CASE]
    second.close()


def test_an_unknown_simulator_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["moon", "--bind", "127.0.0.1:0"])
