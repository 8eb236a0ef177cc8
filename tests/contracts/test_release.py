"""What was released stays released: a contract may grow, and says so by its minor version."""

from __future__ import annotations

from pathlib import Path

from shared.contracts.all import every
from shared.contracts.base import Event
from shared.contracts.fields import Code, Id
from shared.contracts.release import Finding, compare, release
from shared.contracts.schemas import stem
from tests.contracts.declare import declare


class First(Event):
    """A toy was seen."""

    toy_id: Id


class Reworded(Event):
    """A toy was seen by somebody."""

    toy_id: Id


class Grown(Event):
    """A toy was seen."""

    toy_id: Id
    colour: Code | None = None


class Broken(Event):
    """A toy was seen."""

    toy_id: Id
    colour: Code


def found(folder: Path, contract: type[Event]) -> Finding:
    return next(f for f in compare([contract], folder) if f.name == stem(contract))


def released(folder: Path) -> Path:
    release(compare([declare(First)], folder), folder)
    return folder


def test_the_contracts_are_as_they_were_released() -> None:
    findings = compare(every())

    changed = {f.name: f.state for f in findings if f.state != "same"}

    assert changed == {}, "run `make contracts` and read what it says"


def test_a_contract_that_was_never_released_is_released(tmp_path: Path) -> None:
    finding = found(tmp_path, declare(First))

    release([finding], tmp_path)

    assert finding.state == "new"
    assert found(tmp_path, declare(First)).state == "same"


def test_other_words_about_the_same_fields_need_no_new_version(tmp_path: Path) -> None:
    folder = released(tmp_path)

    finding = found(folder, declare(Reworded))

    assert finding.state == "reworded"


def test_a_contract_that_grew_is_released_with_its_minor_version_raised(tmp_path: Path) -> None:
    folder = released(tmp_path)

    forgotten, raised = found(folder, declare(Grown)), found(folder, declare(Grown, minor=1))

    assert forgotten.state == "refused"
    assert raised.state == "grown"


def test_a_contract_that_breaks_is_refused_and_the_released_schema_stays(tmp_path: Path) -> None:
    folder = released(tmp_path)
    before = (folder / "toy.seen.v1.json").read_bytes()

    finding = found(folder, declare(Broken, minor=1))
    release([finding], folder)

    assert finding.state == "refused"
    assert finding.reasons[0].startswith("colour: new and required")
    assert (folder / "toy.seen.v1.json").read_bytes() == before


def test_a_released_contract_that_nobody_declares_any_more_is_refused(tmp_path: Path) -> None:
    folder = released(tmp_path)

    findings = list(compare([], folder))

    assert [(f.name, f.state) for f in findings] == [("toy.seen.v1", "refused")]
