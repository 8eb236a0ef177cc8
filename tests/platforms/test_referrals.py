"""What departments refer: registered once at the real intake, its number and its result told back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.intake.store import Stores
from shared import ids
from tests.platforms.real_intake import Intake
from tests.platforms.town import Centre, Place, opened
from yizhan_adapter import NeverPossible
from yizhan_adapter.platforms.taking import take

REFERRALS: dict[str, dict[str, Any]] = {
    "court": {
        "wplx": "2", "xzqh": "990101101", "ssqq": "邻里排水", "wpsj": "20260309093000", "ay": "0005",
        "ygmc": "某甲", "ygdh": "13900000000", "bgmc": "某乙",
    },
    "police": {
        "XZQH": "990101101", "JQNR": "楼上楼下争吵", "FSDD": "某小区", "YJSJ": "2026-03-09 09:30:00",
        "JJSJ": "2026-03-09 08:10:00", "LB": "LLJF", "BJR": "某甲", "BJDH": "13900000000", "DFR": "某乙",
    },
    "procuratorate": {
        "qh": "990101101", "nr": "轻伤害和解", "yssj": "2026-03-09 09:30:00", "lb": "QSH", "sqr": "某甲",
        "lxdh": "13900000000", "dfr": "某乙",
    },
    "judicial_bureau": {
        "district": "990101101", "content": "咨询遗产分割", "referredAt": "2026-03-09T09:30:00+08:00",
        "kind": "MEDIATION", "applicantName": "某甲", "applicantPhone": "13900000000", "otherParty": "某乙",
    },
    "labour_arbitration": {
        "areaCode": "990101101", "claim": "拖欠三个月工资", "entrustedAt": "2026-03-09T09:30:00+08:00",
        "cause": "PAY", "worker": "某甲", "workerPhone": "13900000000", "employer": "某厂",
    },
    "market_supervision": {
        "regionCode": "990101101", "detail": "网购退货", "assignedAt": "2026-03-09 09:30:00", "way": "ONLINE",
        "consumer": "某甲", "consumerTel": "13900000000", "merchant": "某店",
    },
}  # fmt: skip
CHANNELS = {"court": "court", "police": "police", "procuratorate": "procuratorate"}


@pytest.fixture(params=REFERRALS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each department that refers cases to the centre."""
    yield from opened(request.param, tmp_path)


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Place]:
    """The court."""
    yield from opened("court", tmp_path)


def hand_out(place: Place, id: str = "YS-01", **changed: Any) -> None:
    place.post("/hand_out", {"id": id, "row": REFERRALS[place.id] | changed})


def registrations(all: Stores) -> list[Any]:
    return [held.state for held in all.registrations.all()]  # type: ignore[attr-defined]


@pytest.mark.requirement("XI-13", "XE-03", "MD-09")
def test_a_referral_is_registered_once_under_its_own_channel_and_hears_its_number(place: Place) -> None:
    hand_out(place)
    intake = Intake(place.id)

    for _ in range(3):
        take(place.platform, intake)

    (made,) = registrations(intake.all)
    assert (made.channel, made.external_ref) == (CHANNELS.get(place.id, "government"), "YS-01")
    assert made.referred and made.receiving_unit == place.id
    assert [made.case_no in heard for _, heard in place.get("/handed")["handed"]] == [True]


def test_a_crash_between_registering_and_noting_it_opens_nothing_twice(place: Place, tmp_path: Path) -> None:
    hand_out(place)
    intake = Intake(place.id)
    take(place.platform, intake)
    place.book._db.execute("DELETE FROM taken")  # the program died before it could write

    take(place.platform, intake)

    assert len(registrations(intake.all)) == 1


def test_names_go_to_the_vault_and_never_onto_the_bus(place: Place) -> None:
    hand_out(place)
    intake = Intake(place.id)
    take(place.platform, intake)

    (made,) = registrations(intake.all)
    told = b"".join(bytes(entry["body"]) for entry in intake.all.registrations.outbox)  # type: ignore[attr-defined]
    assert "某甲".encode() not in told and b"13900000000" not in told
    assert made.parties[0].name and "某甲".encode() not in made.parties[0].name


def test_a_department_cannot_refer_under_anothers_name_or_without_its_number(court: Place) -> None:
    intake = Intake("police")
    hand_out(court)

    done = take(court.platform, intake)

    assert (done.registered, done.refused) == (0, 1)
    with pytest.raises(NeverPossible, match="422"):
        intake.register({"channel": "police", "region": "990101101", "summary": "某事"}, "k1")


def test_two_departments_that_share_a_channel_may_use_the_same_number() -> None:
    intake = Intake("market_supervision")
    body = {"channel": "government", "region": "990101101", "summary": "某事", "external_ref": "1",
            "parties": [{"name": "某甲"}]}  # fmt: skip
    intake.register(body, "market|1")

    intake.unit = "labour_arbitration"
    intake.register(body, "labour|1")

    assert len(registrations(intake.all)) == 2


STAGES = [("1", "presuit"), ("2", "filed"), ("3", "filed_simple")]


@pytest.mark.requirement("COR-20")
@pytest.mark.parametrize(("theirs", "ours"), STAGES)
def test_the_stage_of_a_courts_referral_is_kept_for_its_limit(court: Place, theirs: str, ours: str) -> None:
    hand_out(court, wplx=theirs)
    intake = Intake("court")

    take(court.platform, intake)

    assert registrations(intake.all)[0].linkage_stage == ours


def result(place: Place) -> dict[str, Any]:
    (kept,) = place.kept()
    return kept


@pytest.mark.requirement("MD-09")
def test_the_result_goes_back_to_the_department_that_referred_and_a_late_one_warns(place: Place) -> None:
    hand_out(place)
    take(place.platform, Centre())
    about = {
        "channel": CHANNELS.get(place.id, "government"), "category": place_category(place.id),
        "case_id": ids.derived("case", "1"),
    }  # fmt: skip
    place.tell([1], **about, late=True)
    place.pass_step()
    warned = result(place)

    place.tell([1], **about, late=True, revision=2, state="resolved", outcome="mediated_written")
    place.pass_step()

    assert "YS-01" in warned.values() and {"1", "S", "Y"} & set(warned.values())
    assert result(place) != warned and "YS-01" in result(place).values()
    assert place.said() == ["reported", "reported"]


def place_category(id: str) -> str:
    return {"labour_arbitration": "labour_wages", "market_supervision": "consumer_online"}.get(
        id, "neighbour"
    )


def test_of_cases_it_did_not_refer_a_department_hears_nothing(court: Place) -> None:
    court.tell([7], channel="court")

    court.pass_step()

    assert court.kept() == [] and court.said() == ["reported"]
