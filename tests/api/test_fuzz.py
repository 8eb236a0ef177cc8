"""Every address of every service, a few times, with what its description allows and what it does not.

`make fuzz` does the same with many more examples.
"""

from __future__ import annotations

from tests.fuzz.calling import Found, fuzz
from tests.fuzz.house import House


def test_no_address_answers_with_a_fault_of_ours_or_otherwise_than_described() -> None:
    house, found = House(), Found()

    for service in sorted(house.apps):
        fuzz(house, service, 2, found)

    assert found.faults == {}
    assert found.operations >= 150 and found.examples >= found.operations
