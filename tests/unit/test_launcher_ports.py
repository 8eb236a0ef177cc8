"""A checkout keeps its ports, and gives one up only to a stranger who already sits there."""

from __future__ import annotations

from pathlib import Path

from deploy.local.ports import HIGHEST, LOWEST, choose, remembered

NAMES = ("amqp", "mongo", "http")


def everything_free(port: int) -> bool:
    return True


def test_ports_chosen_once_are_chosen_again(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = choose(file, NAMES, everything_free)

    second = choose(file, NAMES, everything_free)

    assert second == first == remembered(file)


def test_every_name_gets_a_port_of_its_own_below_the_range_the_kernel_lends(tmp_path: Path) -> None:
    chosen = choose(tmp_path / "ports.json", NAMES, everything_free)

    assert len(set(chosen.values())) == len(NAMES)
    assert all(LOWEST <= port < HIGHEST for port in chosen.values())


def test_only_the_port_a_stranger_took_is_chosen_again(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = choose(file, NAMES, everything_free)

    second = choose(file, NAMES, lambda port: port != first["mongo"])

    assert second["mongo"] not in first.values()
    assert {name: second[name] for name in ("amqp", "http")} == {
        name: first[name] for name in ("amqp", "http")
    }


def test_a_name_added_later_leaves_the_others_where_they_are(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = choose(file, NAMES, everything_free)

    second = choose(file, [*NAMES, "front"], everything_free)

    assert second["front"] not in first.values()
    assert first.items() <= second.items()


def test_ports_of_another_profile_stay_remembered(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = choose(file, [*NAMES, "front"], everything_free)

    choose(file, NAMES, everything_free)

    assert remembered(file) == first


def test_two_checkouts_start_looking_at_different_places(tmp_path: Path) -> None:
    one = choose(tmp_path / "one" / "ports.json", NAMES, everything_free)
    other = choose(tmp_path / "other" / "ports.json", NAMES, everything_free)

    assert set(one.values()).isdisjoint(other.values())


def test_a_half_written_file_counts_as_none(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    file.write_text('{"amqp": 20')

    assert remembered(file) == {}
