"""A ferry that loses, delays, repeats and reorders files, both ways: each entry comes once, and in order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bundles.sides import NOON, Side, pair, until_quiet

AGAIN = 900.0
MINUTE = 60.0

Acts = st.lists(
    st.tuples(
        st.sampled_from(["say", "export", "deliver", "lose", "repeat", "damage", "wait"]), st.integers(0, 11)
    ),
    min_size=8,
    max_size=60,
)


class Ferry:
    """Files on their way to one side; a test decides what becomes of each."""

    def __init__(self, source: Side, target: Side) -> None:
        self.source, self.target = source, target
        self.files: list[tuple[str, bytes]] = []
        self.said = 0

    def act(self, act: str, which: int, now: float) -> None:
        """One stroke of fate."""
        if act == "say":
            self.source.say(self.said, now=now)
            self.said += 1
        elif act == "export":
            self.files += self.source.export(now)
        elif self.files and act != "wait":
            name, data = self.files[which % len(self.files)]
            if act == "damage":
                middle = len(data) // 2
                data = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
            if act != "lose":
                self.target.take([(name, data)], now)
            if act != "repeat":
                self.files.pop(which % len(self.files))


@pytest.mark.requirement("COR-05")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(to=Acts, back=Acts)
def test_whatever_the_ferry_does_each_entry_comes_once_and_in_order(
    to: list[tuple[str, int]], back: list[tuple[str, int]]
) -> None:
    centre, court = pair(again_s=AGAIN, size=12)
    ways = Ferry(centre, court), Ferry(court, centre)
    now = NOON

    for there, here in zip(to + [("wait", 0)] * len(back), back + [("wait", 0)] * len(to), strict=False):
        ways[0].act(*there, now)
        ways[1].act(*here, now)
        now += MINUTE

    expected = [[f"e{n}" for n in range(way.said)] for way in ways]
    until_quiet(centre, court, now, AGAIN, lambda: [court.told, centre.told] == expected)
    assert [court.told, centre.told] == expected
    until_quiet(
        centre,
        court,
        now,
        AGAIN,
        lambda: not centre.gate.going.waiting()[0] and not court.gate.going.waiting()[0],
    )
    assert [court.told, centre.told] == expected


@pytest.mark.requirement("COR-05")
def test_a_thousand_cases_that_waited_at_the_gate_arrive_once_each_and_in_order() -> None:
    centre, court = pair()
    centre.say(*range(1_000))

    files = centre.export(NOON + 3_600)
    court.take(files[::-1] + files)  # the last bundle first, and each of them twice
    centre.take(court.export())

    assert len(files) == 5
    assert court.told == [f"e{number}" for number in range(1_000)]
    assert centre.gate.going.waiting() == (0, None)


def test_a_lost_bundle_is_named_by_the_receipt_and_goes_again(tmp_path: Path) -> None:
    centre, court = pair()
    centre.say(1)
    lost = centre.export()
    centre.say(2)

    court.take(centre.export())
    assert court.told == [] and court.gate.missing() == (1,)
    centre.take(court.export())
    again = centre.export()
    court.take(again)

    assert [name.split(".")[3:5] for name, _ in lost + again] == [["0000000001", "1"], ["0000000001", "2"]]
    assert court.told == ["e1", "e2"]


def test_an_empty_bundle_that_was_missing_lets_the_one_behind_it_be_confirmed() -> None:
    centre, court = pair()
    centre.say(1)
    court.take(centre.export())
    court.export()  # a receipt only, and it is lost
    court.say(2)
    centre.take(court.export())
    court.take(centre.export())

    centre.take(court.export())
    court.take(centre.export())

    assert centre.told == ["e2"]
    assert court.gate.going.waiting() == (0, None)


def test_a_lost_receipt_costs_one_repeat_and_nothing_else() -> None:
    centre, court = pair(again_s=AGAIN)
    centre.say(1)
    court.take(centre.export())
    court.export()

    court.take(centre.export(NOON + AGAIN), NOON + AGAIN)
    centre.take(court.export(NOON + AGAIN))

    assert court.told == ["e1"] and court.refused == []
    assert centre.gate.going.waiting() == (0, None)


def test_two_quiet_sides_send_nothing_to_and_fro() -> None:
    centre, court = pair(again_s=AGAIN)
    centre.say(1)
    court.take(centre.export())
    centre.take(court.export())

    later = [NOON + AGAIN * n for n in range(1, 5)]

    assert [centre.export(now) + court.export(now) for now in later] == [[], [], [], []]


def test_what_is_on_its_way_is_not_put_again_and_what_has_a_receipt_is() -> None:
    centre, court = pair()
    centre.say(1, 1)
    court.take(centre.export())
    centre.say(1)
    assert centre.export() == []

    centre.take(court.export())
    centre.say(1)
    court.take(centre.export())

    assert court.told == ["e1", "e1"]


def test_while_nothing_is_confirmed_only_a_window_of_bundles_goes_out() -> None:
    centre, court = pair(window=2, size=1)
    centre.say(1, 2, 3, 4, 5)

    files = centre.export()
    assert len(files) == 2 and centre.export() == []
    court.take(files)
    centre.take(court.export())

    court.take(centre.export())
    assert court.told == ["e1", "e2", "e3", "e4"]


def test_a_gate_whose_disk_was_lost_begins_a_new_series_and_goes_on() -> None:
    centre, court = pair()
    for number in (1, 2):
        centre.say(number)
        court.take(centre.export())
        centre.take(court.export())
    _, fresh = pair()
    fresh.gate.db.set("series", court.gate.db.number("series") + 1)

    centre.say(3)
    fresh.take(centre.export())
    fresh.say(7)
    centre.take(fresh.export())
    fresh.take(centre.export())
    centre.take(fresh.export())

    assert fresh.told == ["e3"] and centre.told == ["e7"]
    assert centre.gate.going.waiting() == (0, None)


def test_a_gate_whose_new_disk_thinks_it_is_years_ago_finds_a_later_series() -> None:
    centre, court = pair()
    court.say(1)
    centre.take(court.export())
    court.take(centre.export())
    _, fresh = pair()
    fresh.gate.db.set("series", 5)
    fresh.say(2)

    centre.take(fresh.export())
    assert centre.refused == ["older_series"]
    fresh.take(centre.export())
    centre.take(fresh.export())

    assert centre.told == ["e1", "e2"]


def test_a_gate_that_was_set_back_to_an_older_copy_of_its_disk_finds_out_and_numbers_anew(
    tmp_path: Path,
) -> None:
    centre, court = pair(tmp_path)
    centre.say(1)
    court.take(centre.export())
    centre.take(court.export())
    centre.gate.db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    before = (tmp_path / "centre.sqlite").read_bytes()
    centre.say(2)
    court.take(centre.export())
    centre.take(court.export())

    centre.gate.db.close()
    (tmp_path / "centre.sqlite").write_bytes(before)
    centre.reopen()
    centre.say(3)
    court.take(centre.export())
    centre.take(court.export())
    court.take(centre.export())

    assert court.told == ["e1", "e2", "e3"]
    assert court.refused == ["other_content"]
