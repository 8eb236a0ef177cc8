"""What the county's profile says about taking matters in, as the rules need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.intake.model.channel import ChannelRule


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Codes, words and promises of one county in force now."""

    county6: str
    profile_version: str
    categories: Mapping[str, str]  # code -> name
    category_words: Mapping[str, str] = field(default_factory=dict)  # name or alias -> code
    source_domains: Mapping[str, str] = field(default_factory=dict)  # code -> name
    refusals: Mapping[str, str] = field(default_factory=dict)  # reason -> name
    units: Mapping[str, str] = field(default_factory=dict)  # id -> name
    promises: tuple[str, ...] = ()  # the limits that a resident is told, as sentences
    receiver: str = "window_clerk"  # the post that receives what no person handed in
    posts: Mapping[str, str] = field(default_factory=dict)  # role -> name
    reveals_hour: int = 30  # how many looks at sealed fields one person has before a second must agree
    reveals_day: int = 150
    out_of_hours: bool = False
    channels: Mapping[str, ChannelRule] = field(default_factory=dict)
