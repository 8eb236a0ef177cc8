"""The province behind a gate: reports cross as files, and the nightly comparison is as good as ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bundles.gates import Gated
from tests.platforms.town import Place, a_report, opened, report_body
from yizhan_adapter.asks import parse

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Beyond:
    """The province's simulator and adapter in their own network, the centre's ferry in ours."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place = place
        self.gate = Gated(folder, place.platform, place.id, place.store)

    def report(self, numbers: Iterable[int], **more: object) -> None:
        """Routing publishes reports into the platform's mailbox, where the ferry reads them."""
        self.gate.ask(*(report_body(number, **more) for number in numbers))  # type: ignore[arg-type]

    def pass_(self, step: timedelta = MINUTE, of: timedelta = timedelta()) -> None:
        """Bundles cross, time passes there, bundles come back."""
        self.gate.turn()
        self.place.pass_(step, of)
        self.gate.turn()

    @property
    def said(self) -> list[str]:
        """The answers that reached the centre's broker, `received` left out."""
        return [name for name in self.gate.channel.answers if name != "received"]


@pytest.fixture
def beyond(tmp_path: Path) -> Iterator[Beyond]:
    for place in opened("provincial_platform", tmp_path):
        made = Beyond(place, tmp_path)
        yield made
        made.gate.close()


@pytest.mark.requirement("COR-05", "XI-10")
def test_after_a_day_without_the_province_and_without_the_ferry_there_are_no_differences(
    beyond: Beyond,
) -> None:
    place = beyond.place
    place.disturb(down=True)
    beyond.report(range(1, 31))
    beyond.pass_(timedelta(minutes=20), DAY)
    beyond.report(range(31, 41))  # and for a day nobody carries anything
    assert place.kept() == [] and beyond.said == []

    place.disturb()
    beyond.pass_(of=timedelta(minutes=10))
    beyond.pass_()

    assert len(place.kept()) == 40
    assert beyond.said == ["reported"] * 40
    assert place.compare() == []


@pytest.mark.requirement("COR-05", "XI-10")
def test_each_planted_difference_is_named_and_healed_over_bundles_too(beyond: Beyond) -> None:
    place = beyond.place
    beyond.report(range(1, 6))
    beyond.pass_()
    id = {number: a_report(number).case_id for number in range(1, 6)}
    place.post("/plant", {"path": place.path, "key": id[1]})
    place.post("/plant", {"path": place.path, "key": id[2], "change": {"zt": "50", "jflx": "99"}})
    place.disturb(twice=1)
    place.post(place.path, place.kept()[1])
    place.post(place.path, {**place.kept()[0], "wbbh": "not-ours"})

    found = {(one.id, one.what): one.detail for one in place.compare()}
    assert found == {
        (id[1], "missing_there"): (),
        (id[2], "differs"): ("jflx", "zt"),
        (id[3], "twice_there"): ("2",),
        ("not-ours", "missing_here"): (),
    }

    beyond.pass_()
    assert {(one.id, one.what) for one in place.compare()} == {
        (id[3], "twice_there"),
        ("not-ours", "missing_here"),
    }
    assert beyond.said == ["reported"] * 5


def test_reports_that_cross_in_another_order_leave_the_newest_at_the_province(beyond: Beyond) -> None:
    for revision, state in enumerate(("registered", "handling", "resolved"), 1):
        beyond.report([1], revision=revision, state=state)
        beyond.gate.ferry_traffic.send_out()
    files = sorted((beyond.gate.centre.folder / "out").glob("*.yzb"), reverse=True)
    assert len(files) == 3
    for path in files:
        path.rename(beyond.gate.there.folder / "in" / path.name)
        beyond.gate.crossing.traffic.take_in()
        beyond.gate.crossing.hand_over()

    beyond.place.pass_(MINUTE)

    assert [body["zt"] for body in beyond.place.kept()] == ["40"]
    assert beyond.place.compare() == []


def test_a_platform_hears_the_same_over_bundles_as_over_the_broker(beyond: Beyond, tmp_path: Path) -> None:
    beyond.report(range(1, 4))
    beyond.pass_()
    bodies = _stored(beyond)

    assert Counter(bodies) == Counter(report_body(number) for number in range(1, 4))
    assert [parse(body) for body in bodies] == [a_report(number) for number in range(1, 4)]


def _stored(beyond: Beyond) -> list[bytes]:
    rows = beyond.place.store._db.execute("SELECT body FROM asks ORDER BY taken_at").fetchall()
    return [row[0] for row in rows]
