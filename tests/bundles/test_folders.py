"""Folders: whole files only, in their order; what is not needed any more goes, what is not ours stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.bundles.gates import trusting
from tests.bundles.sides import entry
from yizhan_adapter.bundles.folders import KEPT, Folders
from yizhan_adapter.bundles.sending import Parcel


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def parcel(number: int, times: int = 1, data: bytes = b"bundle") -> Parcel:
    return Parcel(number=number, times=times, name=f"court.to.7.{number:010d}.{times}.yzb", data=data)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_takes_the_place_of_the_one_the_ferry_left_lying(folders: Folders) -> None:
    folders.write(parcel(1))
    folders.write(parcel(2))
    folders.write(parcel(1, times=2))

    assert names(folders.out) == ["court.to.7.0000000001.2.yzb", "court.to.7.0000000002.1.yzb"]
    assert names(folders.writing) == []


def test_bundles_with_a_receipt_and_of_an_old_series_are_taken_away_and_strangers_stay(
    folders: Folders,
) -> None:
    for number in (1, 2, 3):
        folders.write(parcel(number))
    for strange in ("court.to.6.0000000009.1.yzb", "police.to.7.0000000001.1.yzb", "court.to.readme.yzb"):
        (folders.out / strange).write_bytes(b"")
    (folders.writing / "half").write_bytes(b"")

    folders.clear("court.to.", 7, through=2)

    assert names(folders.out) == [
        "court.to.7.0000000003.1.yzb", "court.to.readme.yzb", "police.to.7.0000000001.1.yzb",
    ]  # fmt: skip
    assert names(folders.writing) == []


def test_a_file_the_ferry_may_still_be_writing_is_left_alone(tmp_path: Path) -> None:
    folders = Folders(tmp_path, settled=60.0)
    for name, age in (("new.yzb", 0), ("old.yzb", 61), ("ahead.yzb", -61), ("note.txt", 61)):
        path = folders.inward / name
        path.write_bytes(b"")
        os.utime(path, (time.time() - age, time.time() - age))

    assert [path.name for path in folders.arrived()] == ["ahead.yzb", "old.yzb"]


def test_a_refused_file_is_kept_with_its_reason_even_when_its_name_comes_again(folders: Folders) -> None:
    for reason in ("one", "two"):
        path = folders.inward / "court.from.1.0000000001.1.yzb"
        path.write_bytes(b"x")
        folders.reject(path, reason)
        time.sleep(0.002)

    kept = [path.read_text() for path in sorted(folders.refused.glob("*.txt"))]
    assert kept == ["one\n", "two\n"] and len(names(folders.refused)) == 4
    assert names(folders.inward) == []


def test_what_was_taken_or_refused_long_ago_is_forgotten(folders: Folders) -> None:
    for folder in (folders.taken, folders.refused):
        for name in ("old", "new"):
            (folder / name).write_bytes(b"")
        os.utime(folder / "old", (0, 0))

    folders.prune(KEPT + 60)

    assert names(folders.taken) == names(folders.refused) == ["new"]


def test_a_bundle_whose_file_was_lost_before_it_was_fetched_is_written_again(tmp_path: Path) -> None:
    centre, _ = trusting(tmp_path)
    traffic = centre.traffic()
    traffic.gate.put("k", entry(1), time.time())
    assert traffic.send_out() == 1 and traffic.send_out() == 0
    for path in traffic.folders.out.iterdir():
        path.unlink()

    traffic.gate.db.do("UPDATE sent SET last_at = last_at - 1000")

    assert traffic.send_out() == 1
    assert [name.split(".")[4] for name in names(traffic.folders.out)] == ["2"]


def test_a_file_appears_in_out_by_being_renamed_and_never_half(folders: Folders) -> None:
    seen: list[list[str]] = []
    rename = Path.rename

    class Watched(type(folders.writing)):  # type: ignore[misc]
        def rename(self, target: Path) -> Path:
            seen.append(names(folders.out))
            assert self.read_bytes() == b"bundle"
            return rename(Path(self), target)

    folders.writing = Watched(folders.writing)
    folders.write(parcel(1))

    assert seen == [[]] and names(folders.out) == ["court.to.7.0000000001.1.yzb"]
