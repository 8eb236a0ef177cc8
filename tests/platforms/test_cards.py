"""Platforms' plug-ins are a card, a table of codes and a few lines; every word of ours has one of theirs."""

from __future__ import annotations

from typing import get_args

import pytest

from services.routing.model import State
from shared.contracts import fields as kinds
from shared.profile import profile
from tests.platforms.town import PLATFORMS
from tests.toys.adapters import entry_point
from yizhan_adapter import UnknownCode, check, plugins
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.platforms import Platform
from yizhan_adapter.platforms.card import digest, read
from yizhan_adapter.platforms.fields import Field


@pytest.fixture(params=PLATFORMS)
def made(request: pytest.FixtureRequest) -> type[Platform]:
    """A platform's plug-in."""
    make = plugins.load(entry_point(request.param)).make
    assert isinstance(make, type) and issubclass(make, Platform)
    return make


@pytest.mark.parametrize("id", PLATFORMS)
def test_a_plug_in_is_sound_and_holds_no_line_of_python(id: str) -> None:
    plugin = plugins.load(entry_point(id))

    assert list(check.faults(plugin)) == []
    assert not [file for file in plugin.files.iterdir() if file.name.endswith(".py")]


def test_every_code_of_ours_has_one_of_theirs(made: type[Platform]) -> None:
    known = {
        "state": [state.value for state in State],
        "outcome": list(get_args(kinds.Outcome)),
        "category": [category.code for category in profile().categories if category.kind == "dispute"],
        "channel": list(get_args(kinds.Channel)),
        "complexity": list(get_args(kinds.Complexity)),
        "persons_band": list(get_args(kinds.PersonsBand)),
        "matter_type": list(get_args(kinds.MatterType)),
    }
    kind = made.card.kinds["case"]

    for field in kind.fields:
        wanted = kind.when.get(field.source, known.get(field.source, ()))
        if field.values:
            assert not set(wanted) - set(field.values), field.name


def test_an_empty_field_that_must_be_there_is_an_error_with_its_reason() -> None:
    with pytest.raises(UnknownCode, match="region is empty, and xzqh must be there"):
        Field(name="xzqh", source="region").outward({})


def test_a_text_is_never_repeated_in_an_error() -> None:
    with pytest.raises(UnknownCode) as error:
        Field(name="lx", source="kind", values={"a": "1"}).outward({"kind": "某人的电话是一串数字"})

    assert "某人" not in str(error.value)


def test_instants_are_written_in_the_countys_time() -> None:
    field = Field(name="slsj", source="at", form="%Y-%m-%d %H:%M")

    assert field.outward({"at": "2026-11-22T18:00:00+00:00"}) == "2026-11-23 02:00"
    assert field.inward({"at": "2026-11-23 02:00"}) == "2026-11-22T18:00:00+00:00"


def test_the_same_content_has_the_same_digest_in_any_order() -> None:
    assert digest({"a": 1, "b": "2"}) == digest({"b": 2, "a": "1"})


def test_a_name_that_yaml_takes_for_a_no_is_found_out() -> None:
    card = "reply: {}\nsend: {case: {path: /x, key: k, our_id: case_id, fields: {no: case_no}}}\n"

    with pytest.raises(Misconfigured, match="in quotes"):
        read(card)


def test_a_card_that_lacks_something_says_what() -> None:
    with pytest.raises(Misconfigured, match=r"card\.yaml"):
        read("send: {}\n")
