"""The channels' rules, read once from the file beside the service."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.intake.model.channel import ASKS, RECEIPTS, ChannelRule
from services.intake.model.words import CHANNELS

FILE = Path(__file__).parent.parent / "channels.yaml"


@cache
def channels() -> Mapping[str, ChannelRule]:
    """Every channel by its code. Raises ValueError for a file that forgets one or asks for the unknown."""
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def read(data: Mapping[str, Any]) -> Mapping[str, ChannelRule]:
    """The rules in a file's content."""
    found = {code: _rule(code, given) for code, given in data.items()}
    if missing := set(CHANNELS) ^ set(found):
        raise ValueError(f"channels.yaml and the known channels differ: {sorted(missing)}")
    return found


def _rule(code: str, given: Mapping[str, Any]) -> ChannelRule:
    asks = tuple(given.get("asks", ()))
    if unknown := set(asks) - set(ASKS):
        raise ValueError(f"{code} asks for what nobody can check: {sorted(unknown)}")
    if given.get("receipt", "printed") not in RECEIPTS:
        raise ValueError(f"{code} has no such receipt: {given['receipt']}")
    return ChannelRule(code=code, **{**given, "asks": asks})
