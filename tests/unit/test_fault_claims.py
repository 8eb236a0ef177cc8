"""What a run of the fault tests says of its claims."""

from __future__ import annotations

from tests.faults.claims import FAULTS, Claim, Tried, lines, summary

THREE, WHOLE, PART = Claim(fault=3), Claim(fault=22), Claim(fault=22, part="a forged name")


def test_a_claim_is_as_good_as_its_worst_test() -> None:
    tests = [Tried(claims=(THREE,)), Tried(claims=(THREE,), result="failed"), Tried(claims=(WHOLE,))]

    said = summary(tests, 1.26)

    assert said["claims"] == {"3": "failed", "22": "passed"}
    assert (said["tests"], said["passed"], said["failed"], said["seconds"]) == (3, 2, 1, 1.3)


def test_a_test_that_was_left_out_proves_nothing() -> None:
    said = summary([Tried(claims=(THREE,)), Tried(claims=(THREE,), result="skipped")], 0)

    assert said["claims"] == {"3": "skipped"}


def test_a_part_of_a_fault_is_never_counted_as_the_whole() -> None:
    said = summary([Tried(claims=(PART,))], 0)

    assert said["claims"] == {}
    assert said["in_part"] == {"22: a forged name": "passed"}
    assert 22 in said["untried"]


def test_a_reader_sees_every_fault_and_those_that_nobody_tried() -> None:
    said = summary([Tried(claims=(THREE,)), Tried(claims=(PART,))], 0)

    table = list(lines(said))

    assert len(table) == len(FAULTS) + 1
    assert table[2].startswith(" 3 passed")
    assert table[0].startswith(" 1 -")
    assert table[22].endswith("in part: a forged name")
